using Oms.Customers.Domain;

namespace Oms.Customers.Features;

/// <summary>A customer as the API shows it.</summary>
/// <param name="OrdersCount">Without canceled ones.</param>
/// <param name="LifetimeValue">Captured less refunded, by currency.</param>
/// <param name="AverageOrderValue">The totals of the orders that were not canceled, divided by their number, by currency.</param>
public sealed record CustomerView(
    Guid Id, string? Email, string? Name, Location? Location, int OrdersCount, int CanceledOrdersCount,
    DateTimeOffset? FirstOrderAt, DateTimeOffset? LastOrderAt,
    IReadOnlyList<string> Channels, IReadOnlyList<CustomerView.Amounts> LifetimeValue, IReadOnlyList<CustomerView.Amounts> AverageOrderValue, long Version)
{
    public sealed record Amounts(string Currency, decimal Amount);

    public static CustomerView Of(Customer customer) => new(
        customer.Id, customer.Email, customer.Name, customer.Location, customer.Totals.Values.Sum(it => it.Orders), customer.CanceledOrders,
        customer.FirstOrderAt, customer.LastOrder?.PlacedAt, [.. customer.Channels],
        [.. customer.Totals.Where(it => it.Value is not { Captured: 0, Refunded: 0 }).Select(it => new Amounts(it.Key, it.Value.LifetimeValue()))],
        [.. customer.Totals
            .Select(it => (Currency: it.Key, Average: it.Value.AverageOrderValue(it.Key)))
            .Where(it => it.Average is not null)
            .Select(it => new Amounts(it.Currency, it.Average!.Value))],
        customer.Version);
}
