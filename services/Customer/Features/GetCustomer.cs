using Marten;
using Oms.Customers.Domain;
using Oms.ServiceDefaults;

namespace Oms.Customers.Features;

public static class GetCustomerSlice
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/v1/customers/{customerId:guid}", Handle)
        .WithName("GetCustomer").Access(Scopes.CustomersRead).Versioned()
        .WithSummary("A customer: who it is, how often and for how much.")
        .Produces<CustomerView>().ProducesProblem(404);

    private static async Task<IResult> Handle(Guid customerId, HttpContext http, IQuerySession session, CancellationToken token)
    {
        if (await session.LoadAsync<Customer>(customerId, token) is not { } customer)
            return Problems.From(CustomerRefusals.NotFound(customerId));
        http.SetETag(customer.Version);
        return TypedResults.Ok(CustomerView.Of(customer));
    }
}
