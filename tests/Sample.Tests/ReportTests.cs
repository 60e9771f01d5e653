using System.Text.Json;

namespace Oms.Sample.Tests;

public sealed class ReportTests
{
    private static readonly Report Clean = new(
        2, 3, 7, "1234567.80", new() { ["completed"] = 1, ["canceled"] = 1 }, 1, 2, 1, 1, "1000.00", "10.50", 0, 0, 0, 12.5, 0.2, new(100, 0));

    [Fact]
    public void its_members_are_named_as_promised()
    {
        var report = JsonDocument.Parse(Clean.ToJson()).RootElement;

        report.EnumerateObject().Select(member => member.Name).ShouldBe(
        [
            "orders", "lines", "units", "orderValue", "byState", "splits", "parcels", "backorderedThenFulfilled", "returns", "captured", "refunded", "stuck",
            "oversold", "errorQueueMessages", "seconds", "ordersPerSecond", "reconciliation",
        ]);
        report.GetProperty("reconciliation").EnumerateObject().Select(member => member.Name).ShouldBe(["checks", "differences"]);
        report.GetProperty("byState").EnumerateObject().Select(state => state.Name).ShouldBe(["canceled", "completed"]);
    }

    [Fact]
    public void amounts_are_text_with_their_cents() =>
        JsonDocument.Parse(Clean.ToJson()).RootElement.GetProperty("orderValue").GetString().ShouldBe("1234567.80");

    [Fact]
    public void it_is_clean_only_when_nothing_is_stuck_oversold_lost_or_does_not_add_up()
    {
        Clean.IsClean.ShouldBeTrue();
        (Clean with { Stuck = 1 }).IsClean.ShouldBeFalse();
        (Clean with { Oversold = 1 }).IsClean.ShouldBeFalse();
        (Clean with { ErrorQueueMessages = 1 }).IsClean.ShouldBeFalse();
        (Clean with { Reconciliation = new(100, 1) }).IsClean.ShouldBeFalse();
    }
}
