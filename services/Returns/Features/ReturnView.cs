using Oms.Returns.Domain;
using Oms.ServiceDefaults;

namespace Oms.Returns.Features;

/// <summary>A return as the API shows it.</summary>
public sealed record ReturnView(
    Guid Id, string Number, Guid OrderId, ReturnStatus Status, IReadOnlyList<ReturnView.LineView> Lines, string Reason, string? Note, string? DeclineReason,
    string? LocationId, ReturnView.RestockView Restock, ReturnView.RefundView Refund, DateTimeOffset RequestedAt, DateTimeOffset? ReceivedAt, long Version)
{
    /// <param name="Disposition">Null until received, and when the line's pieces are in several: then <paramref name="Dispositions"/> tells.</param>
    public sealed record LineView(
        int Line, string Sku, int Quantity, string Reason, int Received, Disposition? Disposition, string? RestockState,
        IReadOnlyList<DispositionView> Dispositions);

    /// <param name="RestockState">Inventory's state for these pieces; null when they do not become stock.</param>
    public sealed record DispositionView(Disposition Disposition, int Quantity, string? RestockState);

    public sealed record RestockView(RestockStatus Status);

    /// <param name="Amount">What has been paid back so far.</param>
    public sealed record RefundView(RefundStatus Status, decimal Amount, string Currency);

    public static ReturnView Of(Return it, long version) => new(
        it.Id, it.Number, it.OrderId, it.Status, [.. it.Lines.Select(line => Line(line, it))], it.Reason, it.Note, it.DeclineReason,
        it.LocationId, new(it.Restock), new(it.Refund, it.Refunded, it.Currency), it.RequestedAt, it.ReceivedAt, version);

    /// <summary>The answer of every change: the return as it is now, with its ETag.</summary>
    public static IResult Answer(Decided<Return, IReturnEvent> decided, HttpContext http)
    {
        if (decided.Refusal is { } refusal)
            return Problems.From(refusal);
        http.SetETag(decided.Version);
        return TypedResults.Ok(Of(decided.State!, decided.Version));
    }

    private static LineView Line(ReturnLine line, Return it)
    {
        var received = it.Received.Where(part => part.Line == line.Line)
            .Select(part => new DispositionView(part.Disposition, part.Quantity, RestockStates.Of(part.Disposition))).ToList();
        var only = received.Count == 1 ? received[0] : null;
        return new(line.Line, line.Sku, line.Quantity, line.Reason, received.Sum(part => part.Quantity), only?.Disposition, only?.RestockState, received);
    }
}
