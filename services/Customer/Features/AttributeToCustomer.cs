using Oms.Customers.Domain;
using Oms.Kernel;

namespace Oms.Customers.Features;

/// <summary>What a new fact of an order means for its customer.</summary>
public static class AttributeToCustomerSlice
{
    /// <param name="happened">A fact that is new: repeats have been recognized by the order.</param>
    /// <param name="order">The order after it.</param>
    /// <param name="customer">The customer so far.</param>
    public static Decision<ICustomerEvent> Decide(ICustomerOrderEvent happened, CustomerOrder order, Customer? customer) => happened switch
    {
        OrderRecorded { CustomerId: { } id } e =>
        [
            .. Registered(id, e, customer),
            new CustomerOrderRecorded(id, e.OrderId, e.Number, e.Channel, e.Name, e.ShipTo, e.Currency, e.Total, e.PlacedAt),
            .. Canceled(id, order),
        ],
        CaptureRecorded { CustomerId: { } id } e => [new CustomerPaymentCaptured(id, e.OrderId, e.TransactionId, e.Amount, e.Currency, e.CapturedAt)],
        RefundRecorded { CustomerId: { } id } e => [new CustomerPaymentRefunded(id, e.OrderId, e.TransactionId, e.Amount, e.Currency, e.RefundedAt)],
        CancellationRecorded { CustomerId: { } id } => [.. Canceled(id, order)],
        _ => [],                                            // an order without an e-mail address has no customer
    };

    private static IEnumerable<ICustomerEvent> Registered(Guid id, OrderRecorded e, Customer? customer) =>
        customer is { Registered: true } ? [] : [new CustomerRegistered(id, e.Email, e.PlacedAt)];

    // Only once both are known, whichever came first: the fact takes the order's total out of the customer's again.
    private static IEnumerable<ICustomerEvent> Canceled(Guid id, CustomerOrder order) => order is { PlacedAt: not null, CanceledAt: { } at }
        ? [new CustomerOrderCanceled(id, order.Id, order.Currency!, order.Total, at)]
        : [];
}
