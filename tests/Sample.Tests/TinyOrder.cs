using System.Text.Json.Nodes;
using Oms.Kernel;

namespace Oms.Sample.Tests;

internal sealed class TinyLine(int number, JsonNode body)
{
    public int Number { get; } = number;

    public string Sku { get; } = (string)body["sku"]!;

    public int Quantity { get; } = (int)body["quantity"]!;

    public decimal Total { get; } = (int)body["quantity"]! * (decimal)body["unitPrice"]! - (decimal)body["discount"]!;

    public int Open { get; set; } = (int)body["quantity"]!;

    public int Allocated { get; set; }

    public int Shipped { get; set; }

    public int Canceled { get; set; }

    public int Returned { get; set; }

    public decimal ValueOfNext(int pieces, int after) =>
        new Money(Total, "USD").AllocateAcross([.. Enumerable.Repeat(1m, Quantity)]).Skip(after).Take(pieces).Sum(piece => piece.Amount);
}

internal sealed class TinyOrder(JsonNode body, int number)
{
    public Guid Id { get; } = Guid.CreateVersion7();

    public IReadOnlyList<TinyLine> Lines { get; } = [.. body["lines"]!.AsArray().Select((line, index) => new TinyLine(index + 1, line!))];

    public List<string> Holds { get; } = [];

    public List<string> Excluded { get; } = [];

    public bool IsDelivered { get; set; }

    public decimal Captured { get; set; }

    public decimal Refunded { get; set; }

    public bool Waits => Holds.Count == 0 && Lines.Any(line => line.Open > 0);

    private string Status => this switch
    {
        _ when Lines.All(line => line.Canceled > 0) => "canceled",
        { IsDelivered: true } when Lines.Any(line => line.Returned > 0) => "partially_returned",
        { IsDelivered: true } when Lines.All(line => line.Shipped == line.Quantity) => "completed",
        { Holds.Count: > 0 } => "on_hold",
        _ when Lines.Any(line => line.Shipped > 0) => "partially_shipped",
        _ => "in_fulfillment",
    };

    public JsonObject Hold(string reason)
    {
        Holds.Add(reason);
        return View();
    }

    public JsonObject View() => new()
    {
        ["id"] = Id, ["number"] = $"#{number}", ["channel"] = "c", ["channelOrderNumber"] = (string)body["channelOrderNumber"]!, ["status"] = Status,
        ["lines"] = new JsonArray([.. Lines.Select(line => new JsonObject
        {
            ["line"] = line.Number, ["sku"] = line.Sku, ["quantity"] = line.Quantity, ["total"] = line.Total, ["quantities"] = new JsonObject
            {
                ["open"] = line.Open, ["allocated"] = line.Allocated, ["shipped"] = line.Shipped, ["canceled"] = line.Canceled, ["returned"] = line.Returned,
            },
        })]),
        ["total"] = Lines.Sum(line => line.Total), ["payment"] = new JsonObject { ["captured"] = Captured, ["refunded"] = Refunded },
        ["holds"] = new JsonArray([.. Holds.Select(reason => new JsonObject { ["reason"] = reason })]),
    };
}

internal sealed class TinyFulfillmentOrder(TinyOrder order, string location)
{
    public Guid Id { get; } = Guid.CreateVersion7();

    public TinyOrder Order => order;

    public string Location => location;

    public string Status { get; set; } = "open";

    public Dictionary<TinyLine, int> Lines { get; } = [];

    public Dictionary<TinyLine, int> Shipped { get; } = [];

    public List<JsonObject> Shipments { get; } = [];

    public JsonObject View() => new()
    {
        ["id"] = Id, ["orderId"] = Order.Id, ["locationId"] = Location, ["status"] = Status, ["requestStatus"] = "submitted",
        ["lines"] = new JsonArray([.. Lines.Select(it => new JsonObject
        {
            ["line"] = it.Key.Number, ["sku"] = it.Key.Sku, ["quantity"] = it.Value, ["shipped"] = Shipped.GetValueOrDefault(it.Key),
        })]),
        ["shipments"] = new JsonArray([.. Shipments.Select(parcel => parcel["id"]!.DeepClone())]),
    };
}
