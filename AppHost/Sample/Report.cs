using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Oms.Client;

namespace Oms.Sample;

/// <summary>The outcome in numbers, as it is written to the report file. Amounts are text, so that no reader rounds them.</summary>
/// <param name="OrderValue">Of every order placed, whatever became of it.</param>
/// <param name="Splits">Orders fulfilled from more than one location.</param>
/// <param name="Stuck">Orders that did not reach their end.</param>
/// <param name="Oversold">Levels that sold what was not there.</param>
/// <param name="Seconds">From the first order sent to the last one that became final.</param>
internal sealed record Report(
    int Orders, int Lines, int Units, string OrderValue, SortedDictionary<string, int> ByState, int Splits, int Parcels, int BackorderedThenFulfilled,
    int Returns, string Captured, string Refunded, int Stuck, int Oversold, int ErrorQueueMessages, double Seconds, double OrdersPerSecond,
    ReportedReconciliation Reconciliation)
{
    /// <summary>Whether everything arrived, nothing was sold twice, nothing was lost, and everything adds up.</summary>
    [JsonIgnore]
    public bool IsClean => this is { Stuck: 0, Oversold: 0, ErrorQueueMessages: 0, Reconciliation.Differences: 0 };

    public static Report Of(OrderBook book, Ledger? ledger, Findings findings, int errorQueueMessages)
    {
        var placed = book.Stories.Where(story => story.Latest is not null).ToList();
        var views = placed.Select(story => ledger?.Orders.GetValueOrDefault(story.Id) ?? story.Latest!).ToList();
        var fulfilled = placed.SelectMany(story => ledger?.FulfillmentOrders[story.Id] ?? []).Where(order => order.Lines.Any(line => line.Shipped > 0)).ToList();
        var seconds = book.Duration.TotalSeconds;
        return new(
            placed.Count,
            placed.Sum(story => story.Order.Lines.Length),
            placed.Sum(story => story.Order.Units),
            Amount(placed.Sum(story => story.Order.Total)),
            new(views.GroupBy(view => view.Status).ToDictionary(it => it.Key, it => it.Count()), StringComparer.Ordinal),
            fulfilled.GroupBy(order => order.OrderId).Count(orders => orders.Select(order => order.LocationId).Distinct().Count() > 1),
            fulfilled.Sum(order => order.Shipments.Count),
            placed.Count(story => story is { HasWaited: true, IsFinal: true, Latest.Status: not OrderStatus.Canceled }),
            ledger is null ? 0 : placed.Sum(story => ledger.Returns[story.Id].Count(it => it.Status == ReturnStatus.Closed)),
            Amount(views.Sum(view => view.Payment.Captured)),
            Amount(views.Sum(view => view.Payment.Refunded)),
            placed.Count(story => !story.IsFinal),
            ledger is null ? 0 : Sample.Reconciliation.Oversold(ledger),
            errorQueueMessages,
            Math.Round(seconds, 1),
            seconds > 0 ? Math.Round(placed.Count / seconds, 1) : 0,
            new(findings.Checks, findings.Differences.Count));
    }

    public string ToJson() => JsonSerializer.Serialize(this, ReportJson.Default.Report) + "\n";

    private static string Amount(decimal amount) => amount.ToString("0.00", CultureInfo.InvariantCulture);
}

internal sealed record ReportedReconciliation(long Checks, int Differences);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, WriteIndented = true)]
[JsonSerializable(typeof(Report))]
internal sealed partial class ReportJson : JsonSerializerContext;
