using System.Collections.Immutable;
using Oms.Kernel;
using Oms.Returns.Domain;

namespace Oms.Returns.Features;

/// <summary>An order has been placed.</summary>
public sealed record RecordOrder(
    Guid OrderId, string Number, string Currency, ImmutableArray<OrderedLine> Lines, DateTimeOffset PlacedAt, string? TraceParent,
    string? Channel = null);

public static class RecordOrderSlice
{
    public static Decision<IReturnableOrderEvent> Decide(RecordOrder command, ReturnableOrder? order) => order is { Number: not null }
        ? []
        : [new OrderRecorded(command.OrderId, command.Number, command.Currency, command.Lines, command.PlacedAt, command.TraceParent, command.Channel)];
}
