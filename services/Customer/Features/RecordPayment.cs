using Oms.Customers.Domain;
using Oms.Kernel;

namespace Oms.Customers.Features;

public sealed record RecordCapture(Guid OrderId, Guid? CustomerId, Guid TransactionId, Money Amount, DateTimeOffset At);

public sealed record RecordRefund(Guid OrderId, Guid? CustomerId, Guid TransactionId, Money Amount, DateTimeOffset At);

/// <summary>Money counts once per transaction, whether or not the order itself is known yet.</summary>
public static class RecordPaymentSlice
{
    public static Decision<ICustomerOrderEvent> Decide(RecordCapture command, CustomerOrder? order) =>
        order?.Captures.ContainsKey(command.TransactionId) == true
            ? []
            : [new CaptureRecorded(command.OrderId, command.CustomerId, command.TransactionId, command.Amount.Amount, command.Amount.Currency, command.At)];

    public static Decision<ICustomerOrderEvent> Decide(RecordRefund command, CustomerOrder? order) =>
        order?.Refunds.ContainsKey(command.TransactionId) == true
            ? []
            : [new RefundRecorded(command.OrderId, command.CustomerId, command.TransactionId, command.Amount.Amount, command.Amount.Currency, command.At)];
}
