using Oms.Gateway.Reconciliation;
using Oms.ServiceDefaults;

namespace Oms.Gateway.Tests.Reconciliation;

public sealed class ComparisonTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Young = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(30);

    private static readonly Said Parcel = new("parcel_in_shipping", "p1", "line 1: 2 MUG");

    [Fact]
    public void who_says_the_same_agrees()
    {
        var (checks, differences) = Comparison.Of(Order(("order", [Parcel]), ("shipping", [Parcel])));
        (checks, differences.Count).ShouldBe((1, 0));
    }

    [Fact]
    public void what_one_does_not_know_or_words_differently_is_named_by_number_and_key()
    {
        var shipping = new[] { Parcel with { Value = "line 1: 3 MUG" }, Parcel with { Key = "p2" }, new Said("parcel_in_inventory", "p1", "left") };
        Comparison.Of(Order(("order", [Parcel]), ("shipping", shipping))).Differences.ShouldBe(
        [
            new Difference("parcel_in_shipping", "#1001 p1", "line 1: 2 MUG", "line 1: 3 MUG"),
            new Difference("parcel_in_shipping", "#1001 p2", "nothing", "line 1: 2 MUG"),
            new Difference("parcel_in_inventory", "#1001 p1", "left", "nothing"),
        ]);
    }

    [Fact]
    public void a_thing_that_nobody_names_is_named_by_its_key() => Comparison.Of(new("items", "MUG", new Dictionary<string, Statement>
    {
        ["inventory"] = new("MUG", null, null, [new("item_in_catalog", "", "Mug")]),
    })).Differences.ShouldBe([new Difference("item_in_catalog", "MUG", "Mug", "nothing")]);

    [Fact]
    public void a_difference_counts_at_rest_and_not_in_motion()
    {
        var missing = Order(("order", [Parcel]));
        Comparison.Judge(missing, missing, allStill: true, Young, Bound).ShouldBe(Verdict.Differs);
        Comparison.Judge(missing, missing, allStill: false, Young, Bound).ShouldBe(Verdict.Moves);
    }

    [Fact]
    public void a_difference_that_goes_away_was_none()
    {
        var agreed = Order(("order", [Parcel]), ("shipping", [Parcel]));
        Comparison.Judge(Order(("order", [Parcel])), agreed, allStill: true, Young, Bound).ShouldBe(Verdict.Agrees);
    }

    [Fact]
    public void a_difference_that_changes_is_still_moving_even_when_all_stand_still_now()
    {
        var (before, after) = (Order(("order", [Parcel])), Order(("order", [Parcel, Parcel with { Key = "p2" }])));
        Comparison.Judge(before, after, allStill: true, Young, Bound).ShouldBe(Verdict.Moves);
        Comparison.Judge(before, Later(before), allStill: true, Young, Bound).ShouldBe(Verdict.Moves);
    }

    [Fact]
    public void what_is_older_than_any_news_takes_counts_however_busy_the_rest_is()
    {
        var missing = Order(("order", [Parcel]));
        Comparison.Judge(missing, missing, allStill: false, Bound + Young, Bound).ShouldBe(Verdict.Differs);
    }

    [Fact]
    public async Task streams_are_brought_together_by_key_whoever_says_more()
    {
        var merged = new List<Spoken>();
        await foreach (var spoken in Merge.Of("orders", new Dictionary<string, IAsyncEnumerable<Statement>>
        {
            ["order"] = Stream("a", "c", "d"), ["shipping"] = Stream("b", "c"), ["returns"] = Stream(),
        }, TestContext.Current.CancellationToken))
            merged.Add(spoken);

        merged.Select(it => (it.Key, string.Join('+', it.By.Keys.Order(StringComparer.Ordinal)))).ShouldBe([("a", "order"), ("b", "shipping"), ("c", "order+shipping"), ("d", "order")]);
    }

    [Fact]
    public async Task a_stream_out_of_order_is_a_defect_and_no_difference() => await Should.ThrowAsync<InvalidOperationException>(async () =>
    {
        await foreach (var _ in Merge.Of("orders", new Dictionary<string, IAsyncEnumerable<Statement>> { ["order"] = Stream("b", "a") }, TestContext.Current.CancellationToken))
        {
        }
    });

    [Fact]
    public void every_rule_is_about_services_of_its_topic() =>
        Rules.All.ShouldAllBe(rule => Rules.Topics.Contains(rule.Topic) && Rules.ServicesOf(rule.Topic).Contains(rule.Expected) && rule.Expected != rule.Actual);

    private static Spoken Order(params (string Service, Said[] Says)[] by) =>
        new("orders", "0198", by.ToDictionary(it => it.Service, it => new Statement("0198", it.Service == "order" ? "#1001" : null, Noon, it.Says)));

    private static Spoken Later(Spoken spoken) =>
        spoken with { By = spoken.By.ToDictionary(it => it.Key, it => it.Value with { ChangedAt = Noon.AddSeconds(1) }) };

    private static async IAsyncEnumerable<Statement> Stream(params string[] keys)
    {
        foreach (var key in keys)
        {
            await Task.Yield();
            yield return new(key, null, null, []);
        }
    }
}
