using System.Collections.Immutable;
using Oms.Kernel;

namespace Oms.Customers.Domain;

/// <summary>
/// What is known of one order. It knows which transactions it has seen, so that the customer's own stream can do with sums: news that
/// comes twice is recognized here, and never reaches the customer.
/// </summary>
public sealed record CustomerOrder(Guid Id) : IFold<CustomerOrder, ICustomerOrderEvent>
{
    public int Version { get; init; }

    public Guid? CustomerId { get; init; }

    /// <summary>Null until the order itself is known: its money or its cancellation can be heard of first.</summary>
    public DateTimeOffset? PlacedAt { get; init; }

    public string? Number { get; init; }

    public string? Channel { get; init; }

    public Location? ShipTo { get; init; }

    public string? Currency { get; init; }

    public decimal Total { get; init; }

    public DateTimeOffset? CanceledAt { get; init; }

    public ImmutableSortedDictionary<Guid, Payment> Captures { get; init; } = ImmutableSortedDictionary<Guid, Payment>.Empty;

    public ImmutableSortedDictionary<Guid, Payment> Refunds { get; init; } = ImmutableSortedDictionary<Guid, Payment>.Empty;

    public static CustomerOrder After(CustomerOrder? state, ICustomerOrderEvent happened) => (state, happened) switch
    {
        (null or { PlacedAt: null }, OrderRecorded e) => (state ?? new(e.OrderId)) with
        {
            CustomerId = e.CustomerId,
            PlacedAt = e.PlacedAt,
            Number = e.Number,
            Channel = e.Channel,
            ShipTo = e.ShipTo,
            Currency = e.Currency,
            Total = e.Total,
        },
        (_, CaptureRecorded e) => (state ?? new(e.OrderId) { CustomerId = e.CustomerId }).Captured(e),
        (_, RefundRecorded e) => (state ?? new(e.OrderId) { CustomerId = e.CustomerId }).Refunded(e),
        (null or { CanceledAt: null }, CancellationRecorded e) =>
            (state ?? new(e.OrderId) { CustomerId = e.CustomerId }) with { CanceledAt = e.CanceledAt },
        _ => throw new InvalidOperationException($"{happened.GetType().Name} cannot follow version {state?.Version ?? 0} of order {state?.Id}."),
    };

    private CustomerOrder Captured(CaptureRecorded e) => this with { Captures = Captures.Add(e.TransactionId, new(e.Amount, e.Currency)) };

    private CustomerOrder Refunded(RefundRecorded e) => this with { Refunds = Refunds.Add(e.TransactionId, new(e.Amount, e.Currency)) };
}

public sealed record Payment(decimal Amount, string Currency);
