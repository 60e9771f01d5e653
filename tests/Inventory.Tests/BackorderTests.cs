using Oms.Inventory.Domain;
using static Oms.Inventory.Tests.Ask;

namespace Oms.Inventory.Tests;

public sealed class BackorderTests
{
    private readonly MemoryStock stock = new("MUG", "PLATE");

    private static IEnumerable<(Guid, int)> Ready(IEnumerable<object> facts) =>
        facts.OfType<BackorderLinesReady>().SelectMany(ready => ready.Lines.Select(line => (ready.BackorderId, line.Line)));

    [Fact]
    public void waits_until_enough_has_arrived()
    {
        stock.Decide(Queue(1, 0, 1, ("MUG", 3))).ShouldHaveSingleItem().ShouldBeOfType<BackorderQueued>();
        Ready(stock.Decide(Receive("MUG", 2))).ShouldBeEmpty();
        Ready(stock.Decide(Receive("MUG", 1, "lax"))).ShouldBe([(Id(1), 1)]);       // all locations count together
        stock.Waiting.ShouldBeEmpty();
    }

    [Fact]
    public void lines_wait_each_for_itself()
    {
        stock.Decide(Queue(1, 0, 1, ("MUG", 1), ("PLATE", 1)));
        Ready(stock.Decide(Receive("PLATE", 1))).ShouldBe([(Id(1), 2)]);
        stock.Waiting.Select(line => line.Line).ShouldBe([1]);
    }

    [Fact]
    public void the_oldest_order_is_served_first_whenever_it_queued()
    {
        stock.Decide(Queue(1, 9, 1, ("MUG", 1)));
        stock.Decide(Queue(2, 5, 1, ("MUG", 1)));
        Ready(stock.Decide(Receive("MUG", 1))).ShouldBe([(Id(2), 1)]);
    }

    [Fact]
    public void a_large_line_at_the_head_is_not_starved_by_smaller_ones()
    {
        stock.Decide(Queue(1, 0, 1, ("MUG", 5)));
        stock.Decide(Queue(2, 1, 1, ("MUG", 1)));
        Ready(stock.Decide(Receive("MUG", 4))).ShouldBeEmpty();
        Ready(stock.Decide(Receive("MUG", 2))).ShouldBe([(Id(1), 1), (Id(2), 1)]);
    }

    [Fact]
    public void nothing_is_promised_twice_in_one_commit()
    {
        stock.Decide(Queue(1, 0, 1, ("MUG", 2)));
        stock.Decide(Queue(2, 1, 1, ("MUG", 2)));
        var book = stock.Page([Receive("MUG", 2), Receive("MUG", 1)], out _);
        Ready(MemoryStock.Facts(book)).ShouldBe([(Id(1), 1)]);
    }

    [Fact]
    public void every_kind_of_arrival_serves_the_queue()
    {
        stock.Decide(Receive("MUG", 3));
        stock.Decide(Reserve(1, ("MUG", 3)));
        stock.Decide(Adjust("MUG", 1, StockState.Damaged));
        foreach (var id in Enumerable.Range(1, 6))
            stock.Decide(Queue(id, id, 4, ("MUG", id)));
        Ready(stock.Decide(Move("MUG", StockState.Damaged, StockState.Available, 1))).ShouldBe([(Id(1), 1)]);
        Ready(stock.Decide(Adjust("MUG", 1))).ShouldBe([(Id(2), 1)]);
        Ready(stock.Decide(Set("MUG", 3))).ShouldBe([(Id(3), 1)]);
        Ready(stock.Decide(Release(1, 1, new StockLine(1, "MUG", "nyc", 1)))).ShouldBe([(Id(4), 1)]);
        Ready(stock.Decide(Restock(1, ("MUG", 1, StockState.Available)))).ShouldBe([(Id(5), 1)]);
        Ready(stock.Decide(Restock(2, ("MUG", 1, StockState.Damaged)))).ShouldBeEmpty();
        Ready(stock.Decide(Receive("MUG", 1))).ShouldBe([(Id(6), 1)]);
    }

    [Fact]
    public void what_arrived_on_the_way_is_found_while_queueing()
    {
        stock.Decide(Receive("MUG", 3));
        Ready(stock.Decide(Queue(1, 0, 3, ("MUG", 2), ("MUG", 2)))).ShouldBe([(Id(1), 1)]);
    }

    [Fact]
    public void later_attempts_wait_for_an_arrival()
    {
        stock.Decide(Receive("MUG", 3));
        Ready(stock.Decide(Queue(1, 0, 4, ("MUG", 2)))).ShouldBeEmpty();
        // Who queues behind may have what is left over, and does not disturb who waits.
        Ready(stock.Decide(Queue(2, 1, 1, ("MUG", 2)))).ShouldBeEmpty();
        Ready(stock.Decide(Queue(3, 1, 1, ("MUG", 1)))).ShouldBeEmpty();
        Ready(stock.Decide(Receive("MUG", 1))).ShouldBe([(Id(1), 1), (Id(2), 1)]);
    }

    [Fact]
    public void who_queues_behind_may_have_what_is_left_over()
    {
        stock.Decide(Receive("MUG", 3));
        stock.Decide(Queue(1, 0, 4, ("MUG", 2)));
        Ready(stock.Decide(Queue(2, 1, 1, ("MUG", 1)))).ShouldBe([(Id(2), 1)]);
    }

    [Fact]
    public void canceled_lets_the_next_one_have_its_chance()
    {
        stock.Decide(Queue(1, 0, 1, ("MUG", 5)));
        stock.Decide(Queue(2, 1, 1, ("MUG", 1)));
        stock.Decide(Queue(3, 2, 1, ("MUG", 1)));
        stock.Decide(Receive("MUG", 1));
        var facts = stock.Decide(Cancel(1));
        facts.OfType<BackorderCanceled>().ShouldHaveSingleItem().Lines.ShouldBe([new BackorderLine(1, "MUG", 5)]);
        Ready(facts).ShouldBe([(Id(2), 1)]);
        Ready(stock.Decide(Cancel(2))).ShouldBe([(Id(3), 1)]);     // ready, and not wanted any more
        stock.Decide(Cancel(2)).ShouldBeEmpty();
    }

    [Fact]
    public void a_promise_of_this_commit_is_free_again_when_it_is_canceled_in_it()
    {
        stock.Decide(Queue(1, 0, 1, ("MUG", 1)));
        stock.Decide(Queue(2, 1, 1, ("MUG", 1)));
        var book = stock.Page([Receive("MUG", 1), Cancel(1)], out _);
        Ready(MemoryStock.Facts(book)).ShouldBe([(Id(1), 1), (Id(2), 1)], ignoreOrder: true);
    }

    [Fact]
    public void canceled_before_it_was_queued_never_queues()
    {
        stock.Decide(Cancel(1)).ShouldHaveSingleItem().ShouldBeOfType<BackorderCanceled>();
        stock.Decide(Queue(1, 0, 1, ("MUG", 1))).ShouldBeEmpty();
        stock.Waiting.ShouldBeEmpty();
    }

    [Fact]
    public void repeated_changes_nothing()
    {
        stock.Decide(Queue(1, 0, 1, ("MUG", 1)));
        stock.Decide(Queue(1, 0, 2, ("MUG", 1))).ShouldBeEmpty();
        stock.Decide(Receive("MUG", 1));
        stock.Decide(Queue(1, 0, 1, ("MUG", 1))).ShouldBeEmpty();
    }

    [Fact]
    public void news_of_a_line_belongs_to_its_own_order()
    {
        stock.Decide(Queue(1, 0, 1, ("MUG", 1)));
        var book = stock.Page([Receive("MUG", 1)], out _);
        book.Backorders.Facts.ShouldHaveSingleItem().TraceParent.ShouldBe("order 1");
        book.Levels.Facts.ShouldHaveSingleItem().TraceParent.ShouldBe("trace");
    }

    [Fact]
    public void for_nothing_is_the_senders_defect()
    {
        Should.Throw<ArgumentException>(() => stock.Decide(Queue(1, 0, 1)));
        Should.Throw<ArgumentException>(() => stock.Decide(Queue(1, 0, 1, ("MUG", 0))));
        Should.Throw<ArgumentException>(() => stock.Decide(Queue(1, 0, 1) with { Lines = [new(1, "MUG", 1), new(1, "PLATE", 1)] }));
    }
}
