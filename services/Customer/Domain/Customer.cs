using System.Collections.Immutable;
using Oms.Kernel;

namespace Oms.Customers.Domain;

/// <summary>
/// A customer over all channels: counts and sums, never lists that grow. Nothing in it depends on the order in which facts arrive: what
/// is "last" is so by when orders were placed, and equal times are decided by the order's id.
/// </summary>
public sealed record Customer(Guid Id) : IFold<Customer, ICustomerEvent>
{
    public int Version { get; init; }

    /// <summary>False while only money has been heard of.</summary>
    public bool Registered { get; init; }

    public string? Email { get; init; }

    public string? Name { get; init; }

    /// <summary>The newest order that carried a name.</summary>
    public OrderMark? NamedBy { get; init; }

    /// <summary>Where the newest order went.</summary>
    public Location? Location { get; init; }

    public OrderMark? LastOrder { get; init; }

    public DateTimeOffset? FirstOrderAt { get; init; }

    public ImmutableSortedSet<string> Channels { get; init; } = ImmutableSortedSet<string>.Empty;

    public int CanceledOrders { get; init; }

    public ImmutableSortedDictionary<string, CurrencyTotals> Totals { get; init; } = ImmutableSortedDictionary<string, CurrencyTotals>.Empty;

    public static Customer After(Customer? state, ICustomerEvent happened) => happened switch
    {
        CustomerRegistered e when state is not { Registered: true } => (state ?? new(e.CustomerId)) with { Registered = true, Email = e.Email },
        CustomerOrderRecorded e when state is not null => state.Ordered(e),
        CustomerOrderCanceled e when state is not null => (state with { CanceledOrders = state.CanceledOrders + 1 })
            .Add(e.Currency, it => it with { Orders = it.Orders - 1, Ordered = it.Ordered - e.Total }),
        CustomerPaymentCaptured e => (state ?? new(e.CustomerId)).Add(e.Currency, it => it with { Captured = it.Captured + e.Amount }),
        CustomerPaymentRefunded e => (state ?? new(e.CustomerId)).Add(e.Currency, it => it with { Refunded = it.Refunded + e.Amount }),
        _ => throw new InvalidOperationException($"{happened.GetType().Name} cannot follow version {state?.Version ?? 0} of customer {state?.Id}."),
    };

    private Customer Ordered(CustomerOrderRecorded e)
    {
        var mark = new OrderMark(e.PlacedAt, e.OrderId);
        var (isLast, names) = (mark.IsAfter(LastOrder), e.Name is not null && mark.IsAfter(NamedBy));
        return (this with
        {
            Location = isLast ? e.ShipTo : Location,
            LastOrder = isLast ? mark : LastOrder,
            Name = names ? e.Name : Name,
            NamedBy = names ? mark : NamedBy,
            FirstOrderAt = FirstOrderAt is { } first && first <= e.PlacedAt ? first : e.PlacedAt,
            Channels = Channels.Add(e.Channel),
        }).Add(e.Currency, it => it with { Orders = it.Orders + 1, Ordered = it.Ordered + e.Total });
    }

    private Customer Add(string currency, Func<CurrencyTotals, CurrencyTotals> change) =>
        this with { Totals = Totals.SetItem(currency, change(Totals.GetValueOrDefault(currency, CurrencyTotals.None))) };
}

/// <summary>An order's place among a customer's orders.</summary>
public sealed record OrderMark(DateTimeOffset PlacedAt, Guid OrderId)
{
    public bool IsAfter(OrderMark? other) => other is null || (PlacedAt, OrderId).CompareTo((other.PlacedAt, other.OrderId)) > 0;
}

/// <summary>A customer's sums in one currency. <paramref name="Orders"/> and <paramref name="Ordered"/> leave canceled orders out.</summary>
public sealed record CurrencyTotals(int Orders, decimal Ordered, decimal Captured, decimal Refunded)
{
    public static CurrencyTotals None { get; } = new(0, 0m, 0m, 0m);

    public decimal LifetimeValue() => Captured - Refunded;

    /// <summary>What an order that was not canceled was worth on average; null when there is none.</summary>
    public decimal? AverageOrderValue(string currency) => Orders == 0 ? null : Money.Round(Ordered / Orders, currency).Amount;
}
