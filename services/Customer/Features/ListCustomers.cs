using Marten;
using Marten.Linq.MatchesSql;
using Oms.Customers.Domain;
using Oms.Kernel;
using Oms.ServiceDefaults;

namespace Oms.Customers.Features;

public static class ListCustomersSlice
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/v1/customers", Handle)
        .WithName("ListCustomers").Access(Scopes.CustomersRead)
        .WithSummary("All customers by id, or the one with an e-mail address, however it is written.")
        .Produces<Page<CustomerView>>().ProducesProblem(422);

    private static async Task<IResult> Handle(string? email, int? limit, string? after, IQuerySession session, CancellationToken token)
    {
        if (Keyset.Limit(limit) is not { } size)
            return Problems.From(Keyset.BadLimit);
        IQueryable<Customer> customers = session.Query<Customer>();
        if (email is not null)
        {
            if (Email.Normalize(email) is not { } normalized)
                return Problems.From(CustomerRefusals.InvalidEmail);
            customers = customers.Where(it => it.Email == normalized);
        }
        if (after is not null)
        {
            if (Keyset.Decode(after, 1) is not [var text] || !Guid.TryParseExact(text, "N", out var id))
                return Problems.From(Keyset.BadCursor);
            customers = customers.Where(it => it.MatchesSql("d.id > ?", id));
        }
        var page = await customers.OrderBy(it => it.Id).Take(size + 1).ToListAsync(token);
        return TypedResults.Ok(Keyset.Page([.. page.Select(CustomerView.Of)], size, last => Keyset.Encode(last.Id.ToString("N"))));
    }
}
