using Oms.Kernel;
using Oms.ServiceDefaults;
using Oms.Shipping.Domain;

namespace Oms.Shipping.Features;

public sealed record HoldFulfillmentOrder(Guid FulfillmentOrderId, string Reason, string? Note, DateTimeOffset At);

/// <param name="Reason">Null for all of them.</param>
public sealed record ReleaseHold(Guid FulfillmentOrderId, string? Reason, DateTimeOffset At);

/// <summary>Holds: several at once, each known by its reason; the location goes on when the last one is gone.</summary>
public static class HoldFulfillmentOrderSlice
{
    private const int HoldsMax = 20;
    private const int ReasonLengthMax = 60;

    public static Decision<IFulfillmentOrderEvent> Decide(HoldFulfillmentOrder command, FulfillmentOrder? it)
    {
        if (!it.MayBeChanged(command.FulfillmentOrderId, out var ended))
            return ended;
        if (it.Holds.Any(hold => hold.Reason == command.Reason))
            return [];
        return it.Holds.Length >= HoldsMax
            ? ShippingRefusals.TooManyHolds(it)
            : [new FulfillmentOrderHeld(it.Id, it.OrderId, command.Reason, command.Note, command.At)];
    }

    /// <summary>What nobody holds, or what has ended, is held no more: that is not worth a refusal.</summary>
    public static Decision<IFulfillmentOrderEvent> Decide(ReleaseHold command, FulfillmentOrder? it) => it is not { CreatedAt: not null }
        ? ShippingRefusals.NotFound(command.FulfillmentOrderId)
        : [.. it.Holds.Where(hold => command.Reason is null || hold.Reason == command.Reason)
            .Select(hold => new FulfillmentOrderHoldReleased(it.Id, it.OrderId, hold.Reason, command.At))];

    public static void Map(IEndpointRouteBuilder fulfillmentOrders)
    {
        fulfillmentOrders.MapPost("/{id:guid}/hold", Hold)
            .WithName("HoldFulfillmentOrder").Access(Scopes.FulfillmentWrite, Restrictions.Locations).Versioned()
            .WithSummary("Stops the work for a reason; there may be several. Safe to repeat.")
            .WithExample(new HoldBody(Examples.Hold, "The street number is missing"))
            .Produces<FulfillmentOrderView>().ProducesProblem(404).ProducesProblem(409).ProducesProblem(412).ProducesProblem(422);
        fulfillmentOrders.MapPost("/{id:guid}/release-hold", Release)
            .WithName("ReleaseFulfillmentOrderHold").Access(Scopes.FulfillmentWrite, Restrictions.Locations).Versioned()
            .WithSummary("Releases the hold of this reason, or all of them without one. Safe to repeat.")
            .WithExample(new ReleaseBody(Examples.Hold))
            .Produces<FulfillmentOrderView>().ProducesProblem(404).ProducesProblem(412).ProducesProblem(422);
    }

    private static async Task<IResult> Hold(Guid id, HoldBody body, HttpContext http, Writes writes, TimeProvider clock, CancellationToken token)
    {
        if (Check(body.Reason).Text(body.Note, "note", Inputs.NoteLengthMax)
            .ToRefusal("invalid-hold", "The hold cannot be put on as it is.") is { } refusal)
            return Problems.From(refusal);
        var command = new HoldFulfillmentOrder(id, body.Reason, body.Note, clock.GetUtcNow());
        return await writes.Change(id, it => Decide(command, it), http, token);
    }

    private static async Task<IResult> Release(Guid id, ReleaseBody? body, HttpContext http, Writes writes, TimeProvider clock, CancellationToken token)
    {
        if (body?.Reason is { } reason && Check(reason).ToRefusal("invalid-hold", "There cannot be such a hold.") is { } refusal)
            return Problems.From(refusal);
        var command = new ReleaseHold(id, body?.Reason, clock.GetUtcNow());
        return await writes.Change(id, it => Decide(command, it), http, token);
    }

    private static Complaints Check(string? reason) => new Complaints().If(
        reason is not { Length: > 0 and <= ReasonLengthMax } || !reason.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '_'),
        "reason", $"is required: up to {ReasonLengthMax} lower-case letters, digits and _");

    public sealed record HoldBody(string Reason, string? Note = null);

    public sealed record ReleaseBody(string? Reason = null);
}
