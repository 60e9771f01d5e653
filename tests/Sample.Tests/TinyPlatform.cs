using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Oms.Sample.Tests;

/// <summary>As much of the API as a day needs, in memory and without delay: what it does is simple, and always right.</summary>
internal sealed class TinyPlatform : HttpMessageHandler
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, TinyOrder> orders = [];
    private readonly List<TinyFulfillmentOrder> fulfillmentOrders = [];
    private readonly Dictionary<Guid, JsonObject> returns = [];
    private readonly SortedDictionary<(string Sku, string Location), List<JsonObject>> movements = [];
    private readonly HashSet<string> events = [];

    /// <summary>How often each path was called, without its ids.</summary>
    public Dictionary<string, int> Calls { get; } = [];

    /// <summary>Pieces that vanish from the levels: what a reconciliation is there to find.</summary>
    public int Leak { get; set; }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var body = request.Content is null ? null : JsonNode.Parse(await request.Content.ReadAsStringAsync(cancellationToken));
        var path = request.RequestUri!.AbsolutePath.Split('/', StringSplitOptions.RemoveEmptyEntries)[1..].Select(Uri.UnescapeDataString).ToArray();
        var query = System.Web.HttpUtility.ParseQueryString(request.RequestUri.Query);
        lock (gate)
        {
            var kind = $"{request.Method} {string.Join('/', path.Where(part => part.All(char.IsAsciiLetterLower) || part.Contains('-') && !part.Any(char.IsAsciiDigit)))}";
            Calls[kind] = Calls.GetValueOrDefault(kind) + 1;
            var (status, answer) = Answer(request.Method.Method, path, query, body);
            return new(status)
            {
                Content = new StringContent(answer.ToJsonString(), new System.Net.Http.Headers.MediaTypeHeaderValue(
                    (int)status < 400 ? "application/json" : "application/problem+json")),
            };
        }
    }

    private (HttpStatusCode Status, JsonNode Body) Answer(string method, string[] path, System.Collections.Specialized.NameValueCollection query, JsonNode? body) =>
        (method, path) switch
        {
            ("PUT", ["markets" or "locations" or "routing-strategy" or "postal-codes", ..]) => Ok(new JsonObject()),
            ("POST", ["items", "batch"]) => Ok(new JsonObject { ["results"] = new JsonArray() }),
            ("POST", ["inventory", "receipts"]) => Receive(body!),
            ("GET", ["inventory"]) => Page(movements.Select(it => LevelOf(it.Key.Sku, it.Key.Location))),
            ("GET", ["inventory", "backorders"]) => Page(orders.Values.Where(order => order.Waits).Select(order => new JsonObject { ["orderId"] = order.Id })),
            ("GET", ["inventory", var sku, "movements"]) => Page(movements.Where(it => it.Key.Sku == sku && (query["locationId"] ?? it.Key.Location) == it.Key.Location)
                .SelectMany(it => it.Value.AsEnumerable().Reverse())),
            ("POST", ["orders"]) => Place(body!),
            ("GET", ["orders"]) => Page(orders.Values.Select(order => order.View())),
            ("GET", ["orders" or "inventory" or "customers", "reconciliation"]) => Reconciled(),
            ("GET", ["orders", var id]) => Ok(Order(id).View()),
            ("GET", ["orders", _, "timeline"]) => Ok(new JsonObject { ["items"] = new JsonArray(new JsonObject { ["type"] = "order_backordered" }) }),
            ("GET", ["orders", var id, "returns"]) => Page(returns.Values.Where(it => (Guid)it["orderId"]! == Guid.Parse(id))),
            ("GET", ["orders", var id, "shipments"]) => Page(fulfillmentOrders.Where(it => it.Order == Order(id)).SelectMany(it => it.Shipments)),
            ("POST", ["orders", var id, "holds"]) => Ok(Order(id).Hold((string)body!["reason"]!)),
            ("DELETE", ["orders", var id, "holds", _]) => Release(Order(id)),
            ("POST", ["orders", var id, "cancellation"]) => Cancel(Order(id)),
            ("GET", ["fulfillment-orders"]) => Page(fulfillmentOrders
                .Where(it => (query["locationId"] ?? it.Location) == it.Location && (query["status"] ?? it.Status) == it.Status).Select(it => it.View())),
            ("POST", ["fulfillment-orders", "batch"]) => Ok(new JsonObject { ["results"] = Array(body!["actions"]!.AsArray().Select(action => Act(action!))) }),
            ("POST", ["fulfillment-orders", var id, var action]) => Find(id) is { } asked ? Act(asked, action, body!) : GivenBack(id),
            ("POST", ["tracking-events"]) => Ok(new JsonObject { ["results"] = Array(body!["events"]!.AsArray().Select(it => Track(it!))) }),
            ("GET", ["returns"]) => Page(returns.Values),
            ("POST", ["returns"]) => Return(body!),
            ("GET", ["returns", var id]) => Ok(returns[Guid.Parse(id)]),
            ("POST", ["returns", var id, "approve"]) => Ok(With(returns[Guid.Parse(id)], "status", "open")),
            ("POST", ["returns", var id, "receive"]) => TakeBack(returns[Guid.Parse(id)], body!),
            _ => (HttpStatusCode.NotFound, new JsonObject { ["code"] = "not-found", ["detail"] = string.Join('/', path) }),
        };

    private TinyOrder Order(string id) => orders.Values.Single(order => order.Id == Guid.Parse(id));

    // None when it was given back since it was read: its order was canceled, or its stock went elsewhere.
    private TinyFulfillmentOrder? Find(string id) => fulfillmentOrders.SingleOrDefault(it => it.Id == Guid.Parse(id));

    private (HttpStatusCode, JsonNode) Place(JsonNode body)
    {
        var number = (string)body["channelOrderNumber"]!;
        if (orders.TryGetValue(number, out var known))
            return Ok(known.View());
        var order = orders[number] = new(body, orders.Count + 1001);
        Allocate();
        return (HttpStatusCode.Created, order.View());
    }

    private (HttpStatusCode, JsonNode) Release(TinyOrder order)
    {
        order.Holds.Clear();
        Allocate();
        return Ok(order.View());
    }

    private (HttpStatusCode, JsonNode) Cancel(TinyOrder order)
    {
        foreach (var asked in fulfillmentOrders.Where(it => it.Order == order && it.Status == "open").ToList())
            GiveBack(asked);
        foreach (var line in order.Lines)
            (line.Canceled, line.Open) = (line.Quantity, 0);
        return Ok(order.View());
    }

    private void GiveBack(TinyFulfillmentOrder asked, string? excluding = null)
    {
        foreach (var (line, quantity) in asked.Lines)
        {
            Move(line.Sku, asked.Location, asked.Order.Id, new() { ["available"] = quantity, ["committed"] = -quantity });
            (line.Allocated, line.Open) = (line.Allocated - quantity, line.Open + quantity);
        }
        if (excluding is not null)
            asked.Order.Excluded.Add(excluding);
        fulfillmentOrders.Remove(asked);
    }

    // Oldest first, from wherever there is any; what is not there waits.
    private void Allocate()
    {
        foreach (var order in orders.Values.Where(order => order.Holds.Count == 0))
        {
            var places = new Dictionary<string, TinyFulfillmentOrder>();
            foreach (var line in order.Lines.Where(line => line.Open > 0))
            {
                foreach (var location in movements.Keys.Where(it => it.Sku == line.Sku && !order.Excluded.Contains(it.Location)).Select(it => it.Location).ToList())
                {
                    var quantity = Math.Min(line.Open, (int)LevelOf(line.Sku, location)["available"]!);
                    if (quantity == 0)
                        continue;
                    Move(line.Sku, location, order.Id, new() { ["available"] = -quantity, ["committed"] = quantity });
                    (line.Open, line.Allocated) = (line.Open - quantity, line.Allocated + quantity);
                    if (!places.TryGetValue(location, out var asked))
                        fulfillmentOrders.Add(asked = places[location] = new(order, location));
                    asked.Lines[line] = asked.Lines.GetValueOrDefault(line) + quantity;
                }
            }
        }
    }

    private static (HttpStatusCode Status, JsonObject Body) GivenBack(string id) =>
        (HttpStatusCode.Conflict, new() { ["code"] = "fulfillment-order-canceled", ["detail"] = $"{id} was given back." });

    private JsonObject Act(JsonNode action)
    {
        var id = (string)action["fulfillmentOrderId"]!;
        if (Find(id) is not { } order)
        {
            var refused = GivenBack(id).Body;
            refused["fulfillmentOrderId"] = id;
            refused["outcome"] = "refused";
            return refused;
        }
        var (_, answer) = Act(order, (string)action["action"]!, new JsonObject());
        return new()
        {
            ["fulfillmentOrderId"] = order.Id, ["outcome"] = "done", ["shipment"] = (string)action["action"]! == "ship" ? answer.DeepClone() : null,
        };
    }

    private (HttpStatusCode, JsonNode) Act(TinyFulfillmentOrder order, string action, JsonNode body)
    {
        if (action == "reject")
            GiveBack(order, excluding: order.Location);
        if (action is "reject")
            Allocate();
        order.Status = action is "accept" ? "in_progress" : order.Status;
        return action == "ship" ? (HttpStatusCode.Created, Ship(order, body["lines"]?.AsArray())) : Ok(order.View());
    }

    private JsonObject Ship(TinyFulfillmentOrder order, JsonArray? only)
    {
        foreach (var (line, quantity) in order.Lines.ToList())
        {
            var shipped = only is null ? quantity - order.Shipped.GetValueOrDefault(line) : only.Where(it => (int)it!["line"]! == line.Number).Sum(it => (int)it!["quantity"]!);
            if (shipped == 0)
                continue;
            Move(line.Sku, order.Location, order.Order.Id, new() { ["onHand"] = -shipped - Leak, ["committed"] = -shipped });
            Leak = 0;
            order.Shipped[line] = order.Shipped.GetValueOrDefault(line) + shipped;
            (line.Allocated, line.Shipped) = (line.Allocated - shipped, line.Shipped + shipped);
            order.Order.Captured += line.ValueOfNext(shipped, line.Shipped - shipped);
        }
        order.Status = order.Lines.All(it => order.Shipped.GetValueOrDefault(it.Key) == it.Value) ? "closed" : order.Status;
        var shipment = new JsonObject
        {
            ["id"] = Guid.CreateVersion7(), ["fulfillmentOrderId"] = order.Id, ["orderId"] = order.Order.Id, ["locationId"] = order.Location, ["status"] = "confirmed",
            ["carrier"] = "sandbox", ["trackingNumber"] = $"T{order.Id:N}{order.Shipments.Count}", ["dispatchedAt"] = DateTimeOffset.UtcNow,
        };
        order.Shipments.Add(shipment);
        return shipment;
    }

    private JsonObject Track(JsonNode told)
    {
        var number = (string)told["trackingNumber"]!;
        var isNew = events.Add((string)told["eventId"]!);
        if (isNew && (string)told["code"]! == "DV")
            fulfillmentOrders.SelectMany(it => it.Shipments).Single(it => (string)it["trackingNumber"]! == number)["deliveredAt"] = DateTimeOffset.UtcNow;
        foreach (var order in fulfillmentOrders.Select(it => it.Order).Distinct())
            order.IsDelivered = fulfillmentOrders.Where(it => it.Order == order).All(it => it.Status == "closed" && it.Shipments.All(parcel => parcel["deliveredAt"] is not null));
        return new() { ["trackingNumber"] = number, ["eventId"] = (string)told["eventId"]!, ["outcome"] = isNew ? "recorded" : "duplicate" };
    }

    private (HttpStatusCode, JsonNode) Receive(JsonNode body)
    {
        foreach (var line in body["lines"]!.AsArray())
            Move((string)line!["sku"]!, (string)body["locationId"]!, null, new() { ["onHand"] = (int)line["quantity"]!, ["available"] = (int)line["quantity"]! }, (string)body["document"]!);
        Allocate();
        return (HttpStatusCode.Created, new JsonObject());
    }

    private (HttpStatusCode, JsonNode) Return(JsonNode body)
    {
        var id = Guid.CreateVersion7();
        return (HttpStatusCode.Created, returns[id] = new()
        {
            ["id"] = id, ["number"] = $"RMA-{returns.Count + 1001}", ["orderId"] = (Guid)body["orderId"]!, ["status"] = "requested",
            ["lines"] = Array(body["lines"]!.AsArray().Select(line => new JsonObject { ["line"] = (int)line!["line"]!, ["sku"] = "", ["quantity"] = (int)line["quantity"]!, ["received"] = 0 })),
            ["refund"] = new JsonObject { ["status"] = "none", ["amount"] = 0 },
        });
    }

    private (HttpStatusCode, JsonNode) TakeBack(JsonObject it, JsonNode body)
    {
        var order = Order(((Guid)it["orderId"]!).ToString());
        foreach (var received in body["lines"]!.AsArray())
        {
            var (line, quantity) = (order.Lines[(int)received!["line"]! - 1], (int)received["quantity"]!);
            var state = (string)received["disposition"]! switch { "restocked" => "available", "damaged" => "damaged", "quality_control" => "qualityControl", _ => null };
            if (state is not null)
                Move(line.Sku, (string)body["locationId"]!, order.Id, new() { ["onHand"] = quantity, [state] = quantity });
            order.Refunded += line.ValueOfNext(quantity, line.Returned);
            line.Returned += quantity;
        }
        it["refund"] = new JsonObject { ["status"] = "refunded", ["amount"] = order.Refunded };
        return Ok(With(it, "status", "closed"));
    }

    private (HttpStatusCode, JsonNode) Reconciled()
    {
        var (captured, refunded) = (orders.Values.Sum(order => order.Captured), orders.Values.Sum(order => order.Refunded));
        return Ok(new JsonObject
        {
            ["checks"] = 1, ["differences"] = new JsonArray(),
            ["totals"] = new JsonArray(new JsonObject { ["currency"] = "USD", ["captured"] = captured, ["refunded"] = refunded, ["lifetimeValue"] = captured - refunded }),
        });
    }

    private void Move(string sku, string location, Guid? order, JsonObject changes, string? document = null)
    {
        var after = LevelOf(sku, location);
        foreach (var (state, change) in changes)
            after[state] = (int)after[state]! + (int)change!;
        if (!movements.TryGetValue((sku, location), out var list))
            list = movements[(sku, location)] = [];
        list.Add(new() { ["locationId"] = location, ["document"] = document, ["changes"] = changes, ["after"] = after, ["orderId"] = order, ["version"] = list.Count + 1 });
    }

    private JsonObject LevelOf(string sku, string location)
    {
        var level = movements.TryGetValue((sku, location), out var list) ? list[^1]["after"]!.DeepClone().AsObject() : new JsonObject
        {
            ["sku"] = sku, ["locationId"] = location, ["onHand"] = 0, ["available"] = 0, ["committed"] = 0, ["reserved"] = 0, ["damaged"] = 0,
            ["qualityControl"] = 0, ["safetyStock"] = 0, ["incoming"] = 0,
        };
        return level;
    }

    private static JsonObject With(JsonObject it, string member, string value)
    {
        it[member] = value;
        return it;
    }

    private static JsonArray Array(IEnumerable<JsonNode> items) => [.. items.Select(item => item.DeepClone())];

    private static (HttpStatusCode, JsonNode) Page(IEnumerable<JsonNode> items) => Ok(new JsonObject { ["items"] = Array(items.ToList()) });

    private static (HttpStatusCode, JsonNode) Ok(JsonNode body) => (HttpStatusCode.OK, body);
}
