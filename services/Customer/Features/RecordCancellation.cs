using Oms.Customers.Domain;
using Oms.Kernel;

namespace Oms.Customers.Features;

public sealed record RecordCancellation(Guid OrderId, Guid? CustomerId, DateTimeOffset At);

public static class RecordCancellationSlice
{
    public static Decision<ICustomerOrderEvent> Decide(RecordCancellation command, CustomerOrder? order) => order is { CanceledAt: not null }
        ? []
        : [new CancellationRecorded(command.OrderId, command.CustomerId, command.At)];
}
