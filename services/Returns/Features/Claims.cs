using System.Collections.Immutable;
using Marten;
using Oms.Kernel;
using Oms.Returns.Domain;
using Oms.ServiceDefaults;

namespace Oms.Returns.Features;

/// <summary>Gives claimed pieces back to the order, in the transaction of the fact that makes them free.</summary>
public static class Claims
{
    /// <summary>The claim was made with the return, so an order that does not know it is a bug.</summary>
    public static Decision<IReturnableOrderEvent> Release(Return it, ImmutableArray<ClaimedLine> lines, DateTimeOffset at) =>
        lines.IsEmpty ? [] : [new ClaimReleased(it.OrderId, it.Id, lines, at)];

    public static ImmutableArray<ClaimedLine> All(Return it) => [.. it.Lines.Select(line => new ClaimedLine(line.Line, line.Quantity))];

    /// <summary>What was approved and has not come.</summary>
    public static ImmutableArray<ClaimedLine> NotReceived(Return it) =>
    [
        .. it.Lines
            .Select(line => new ClaimedLine(line.Line, line.Quantity - it.Received.Where(part => part.Line == line.Line).Sum(part => part.Quantity)))
            .Where(line => line.Quantity > 0),
    ];

    /// <summary>Does nothing when the return has not changed: its claims were given back by the first of the repeats.</summary>
    public static async Task ReleaseClaims(
        this IDocumentSession session, Decided<Return, IReturnEvent> decided, Func<Return, ImmutableArray<ClaimedLine>> lines, DateTimeOffset at,
        CancellationToken token)
    {
        if (decided is { Happened.Count: > 0, State: { } it })
            await session.Decide<ReturnableOrder, IReturnableOrderEvent>(it.OrderId, _ => Release(it, lines(it), at), token);
    }
}
