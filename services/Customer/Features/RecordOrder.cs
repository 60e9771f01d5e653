using Oms.Customers.Domain;
using Oms.Kernel;

namespace Oms.Customers.Features;

/// <summary>An order has been placed.</summary>
public sealed record RecordOrder(
    Guid OrderId, Guid? CustomerId, string Number, string Channel, string? Email, string? Name, Location ShipTo, Money Total, DateTimeOffset PlacedAt);

public static class RecordOrderSlice
{
    public static Decision<ICustomerOrderEvent> Decide(RecordOrder command, CustomerOrder? order) => order is { PlacedAt: not null }
        ? []
        : [new OrderRecorded(
            command.OrderId, command.CustomerId, command.Number, command.Channel, command.Email, command.Name, command.ShipTo,
            command.Total.Currency, command.Total.Amount, command.PlacedAt)];
}
