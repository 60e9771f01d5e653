using Marten;
using Marten.Linq.MatchesSql;
using Oms.Customers.Domain;
using Oms.ServiceDefaults;

namespace Oms.Customers.Features;

public static class ListOrdersOfCustomerSlice
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/v1/customers/{customerId:guid}/orders", Handle)
        .WithName("ListOrdersOfCustomer").Access(Scopes.CustomersRead)
        .WithSummary("The orders of one customer, newest first.")
        .Produces<Page<View>>().ProducesProblem(404).ProducesProblem(422);

    private static async Task<IResult> Handle(Guid customerId, int? limit, string? after, IQuerySession session, CancellationToken token)
    {
        if (Keyset.Limit(limit) is not { } size)
            return Problems.From(Keyset.BadLimit);
        IQueryable<CustomerOrder> orders = session.Query<CustomerOrder>().Where(it => it.CustomerId == customerId && it.PlacedAt != null);
        if (after is not null)
        {
            if (!Keyset.TryDecode(after, out var at, out var id))
                return Problems.From(Keyset.BadCursor);
            orders = orders.Where(it => it.MatchesSql("(d.placed_at, d.id) < (?, ?)", at, id));
        }
        if (await session.LoadAsync<Customer>(customerId, token) is null)
            return Problems.From(CustomerRefusals.NotFound(customerId));
        var page = await orders.OrderByDescending(it => it.PlacedAt).ThenByDescending(it => it.Id).Take(size + 1).ToListAsync(token);
        return TypedResults.Ok(Keyset.Page([.. page.Select(View.Of)], size, last => Keyset.Encode(last.PlacedAt, last.OrderId)));
    }

    /// <param name="Captured">In the order's currency.</param>
    /// <param name="Refunded">In the order's currency.</param>
    public sealed record View(
        Guid OrderId, string Number, string Channel, decimal Total, string Currency, DateTimeOffset PlacedAt, DateTimeOffset? CanceledAt,
        Location ShipTo, decimal Captured, decimal Refunded)
    {
        public static View Of(CustomerOrder order) => new(
            order.Id, order.Number!, order.Channel!, order.Total, order.Currency!, order.PlacedAt!.Value, order.CanceledAt, order.ShipTo!,
            Sum(order.Captures.Values, order.Currency!), Sum(order.Refunds.Values, order.Currency!));

        private static decimal Sum(IEnumerable<Payment> payments, string currency) =>
            payments.Where(it => it.Currency == currency).Sum(it => it.Amount);
    }
}
