using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json;
using Oms.Kernel;
using Oms.Orders.Domain;
using Oms.Orders.Fulfillment;
using Oms.Orders.Integration;
using Oms.ServiceDefaults;

namespace Oms.Orders.Features;

/// <summary>An order as a channel sends it, checked and complete.</summary>
/// <param name="Fingerprint">Of the whole content: the same order sent again has the same one.</param>
public sealed record PlaceOrder(
    Guid OrderId, string Number, string Channel, string ChannelOrderNumber, string Fingerprint, string? CustomerEmail, string? CustomerName,
    Address ShipTo, string Currency, ImmutableArray<PlacedLine> Lines, decimal Shipping, string ServiceLevel, bool ShipComplete,
    string PaymentToken, DateTimeOffset PlacedAt, string? TraceParent, DateTimeOffset At);

public static class PlaceOrderSlice
{
    /// <summary>
    /// Idempotent on (channel, channel order number), from which the order's id is derived: the same content again changes nothing, other content is refused.
    /// A new order is assessed for risk at once, and either held for people or its payment is asked for.
    /// </summary>
    public static Decision<IOrderEvent> Decide(PlaceOrder command, Order? existing, RiskPolicy risk)
    {
        if (existing is not null)
            return existing.Fingerprint == command.Fingerprint ? [] : OrderRefusals.Differs(command.Channel, command.ChannelOrderNumber);

        var customer = command.CustomerEmail is null ? (Guid?)null : Ids.Derive("customer", command.CustomerEmail);
        var total = command.Lines.Aggregate(new Money(command.Shipping, command.Currency), (sum, line) => sum + new Money(line.Total, command.Currency));
        var placed = new OrderPlaced(
            command.OrderId, command.Number, command.Channel, command.ChannelOrderNumber, command.Fingerprint, customer, command.CustomerEmail,
            command.CustomerName, command.ShipTo, command.Currency, command.Lines, command.Shipping, total.Amount, command.ServiceLevel,
            command.ShipComplete, command.PaymentToken, command.PlacedAt, command.TraceParent, command.At);

        List<IOrderEvent> facts = [placed, .. risk.Assess(placed).Select(hold => new OrderHeld(command.OrderId, hold.Reason, hold.Note, command.At))];
        var order = Fold.All<Order, IOrderEvent>(facts)!;
        if (FulfillmentBeginning.FirstQuestion(order, command.At) is { } question)
            facts.Add(question);
        return [.. facts];
    }

    public static Guid OrderId(string channel, string channelOrderNumber) => Ids.Derive("order", channel, channelOrderNumber);

    public static void Map(IEndpointRouteBuilder orders) => orders.MapPost("", Handle)
        .WithName("PlaceOrder").Access(Scopes.OrdersWrite, Restrictions.Channels)
        .WithSummary("Places an order. Idempotent on channel and channelOrderNumber.")
        .WithExample(OrderBody.Example)
        .Produces<OrderView>(StatusCodes.Status201Created).Produces<OrderView>()
        .ProducesProblem(400).ProducesProblem(409).ProducesProblem(422);

    private static async Task<IResult> Handle(
        OrderBody body, Caller caller, Placing placing, Pages<Placement> pages, Writes writes, HttpContext http, CancellationToken token)
    {
        if (body.Check(caller) is { } refusal)
            return Problems.From(refusal);
        if (await placing.Catalog.Unknown([.. body.Lines.Select((line, index) => ($"lines[{index}].sku", line.Sku))], token) is { } unknown)
            return Problems.From(unknown);

        var command = await placing.Command(body, Tracing.Current, token);
        return await writes.Answer(async request =>
        {
            var placement = new Placement(command, request);
            await pages.Add(placement, token);
            http.SetETag(placement.Outcome!.Version);
            return placement.Answer;
        }, token);
    }
}

/// <summary>What placing needs from outside: numbers, the time, the items that exist, and the merchant's idea of risk.</summary>
public sealed class Placing(OrderNumbers numbers, TimeProvider clock, Catalog catalog, Microsoft.Extensions.Options.IOptions<RiskPolicy> risk)
{
    public Catalog Catalog => catalog;

    public RiskPolicy Risk => risk.Value;

    public async Task<PlaceOrder> Command(OrderBody body, string? traceParent, CancellationToken token)
    {
        var now = clock.GetUtcNow();
        var number = await numbers.Next(token);
        return new(
            PlaceOrderSlice.OrderId(body.Channel, body.ChannelOrderNumber), $"#{number}", body.Channel, body.ChannelOrderNumber,
            Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(body, OrderBody.Canonical))),
            Email.Normalize(body.Customer?.Email), body.Customer?.Name, body.ShipTo, body.Currency,
            [.. body.Lines.Select((line, index) => line.Placed(index + 1, line.Name ?? catalog.Name(line.Sku), body.Currency))],
            body.Shipping, body.ServiceLevel, body.ShipComplete, body.Payment?.Token ?? "tok_visa", (body.PlacedAt ?? now).ToUniversalTime(),
            traceParent, now);
    }
}
