using Oms.Routing.Planning;

namespace Oms.Routing.Tests;

public sealed class StockSeen
{
    private static readonly DateTimeOffset At = Given.Noon;

    private static StockView View(RecentPlans recent, int available, long version, DateTimeOffset now)
    {
        var view = new StockView();
        view.Add("MUG", "nyc", available, version, recent.Promised("MUG", "nyc", version, now));
        return view;
    }

    private static int For(StockView view, bool first = true) => view.Of("MUG")["nyc"].For(first);

    private static RecentPlans AfterTaking(int quantity)
    {
        RecentPlans recent = new();
        var view = View(recent, 10, version: 5, At);
        view.Take("MUG", "nyc", quantity);
        recent.Remember(view, At);
        return recent;
    }

    [Fact]
    public void is_less_by_what_the_page_has_taken()
    {
        var view = Given.Stock(("MUG", "nyc", 3));
        view.Take("MUG", "nyc", 2);
        view.Take("PLATE", "nyc", 2);
        For(view).ShouldBe(1);
        For(view, first: false).ShouldBe(1);
        view.Of("PLATE").ShouldBeEmpty();
    }

    [Fact]
    public void is_less_by_what_was_promised_a_moment_ago()
    {
        var recent = AfterTaking(4);
        var view = View(recent, 10, version: 5, At.AddSeconds(1));
        For(view).ShouldBe(6);
        view.Take("MUG", "nyc", 1);
        recent.Remember(view, At.AddSeconds(1));
        For(View(recent, 10, version: 5, At.AddSeconds(2))).ShouldBe(5);
    }

    [Fact]
    public void is_whole_again_once_the_level_has_moved_or_the_promise_is_old()
    {
        var recent = AfterTaking(4);
        For(View(recent, 10, version: 6, At)).ShouldBe(10);
        For(View(recent, 10, version: 5, At.AddSeconds(2))).ShouldBe(10);
    }

    [Fact]
    public void is_whole_for_an_order_that_asks_again() => For(View(AfterTaking(4), 10, version: 5, At), first: false).ShouldBe(10);

    [Fact]
    public void is_never_negative() => For(View(AfterTaking(10), 8, version: 5, At)).ShouldBe(0);
}
