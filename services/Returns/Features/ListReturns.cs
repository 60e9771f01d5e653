using Marten;
using Marten.Linq.MatchesSql;
using Oms.Kernel;
using Oms.Returns.Domain;
using Oms.ServiceDefaults;

namespace Oms.Returns.Features;

public static class ListReturnsSlice
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/returns", Handle)
            .WithName("ListReturns").Access(Scopes.ReturnsRead, Restrictions.All)
            .WithSummary("Returns, newest first.")
            .Produces<Page<ReturnView>>().ProducesProblem(422);
        routes.MapGet("/v1/orders/{orderId:guid}/returns", HandleOfOrder)
            .WithName("ListReturnsOfOrder").Access(Scopes.ReturnsRead, Restrictions.Channels)
            .WithSummary("The returns of one order, newest first.")
            .Produces<Page<ReturnView>>().ProducesProblem(404).ProducesProblem(422);
    }

    private static Task<IResult> Handle(
        Guid? orderId, string? status, int? limit, string? after, Caller caller, IQuerySession session, CancellationToken token) =>
        List(session, caller, orderId, status, limit, after, token);

    private static async Task<IResult> HandleOfOrder(
        Guid orderId, int? limit, string? after, Caller caller, IQuerySession session, CancellationToken token) =>
        caller.Own(await session.LoadAsync<ReturnableOrder>(orderId, token)) is null
            ? Problems.From(ReturnRefusals.OrderNotFound(orderId))
            : await List(session, caller, orderId, status: null, limit, after, token);

    private static async Task<IResult> List(
        IQuerySession session, Caller caller, Guid? orderId, string? status, int? limit, string? after, CancellationToken token)
    {
        if (Keyset.Limit(limit) is not { } size)
            return Problems.From(Keyset.BadLimit);
        IQueryable<Return> returns = session.Query<Return>();
        if (orderId is not null)
            returns = returns.Where(it => it.OrderId == orderId);
        if (status is not null)
        {
            if (Parse(status) is not { } wanted)
                return Problems.From(BadStatus);
            returns = returns.Where(it => it.Status == wanted);
        }
        if (caller.Channels is { } channels)
            returns = returns.Where(it => it.Channel!.IsOneOf(channels.ToArray()));
        if (caller.Locations is { } locations)
            returns = returns.Where(it => it.LocationId!.IsOneOf(locations.ToArray()));
        if (after is not null)
        {
            if (!Keyset.TryDecode(after, out var at, out var id))
                return Problems.From(Keyset.BadCursor);
            returns = returns.Where(it => it.MatchesSql("(d.requested_at, d.id) < (?, ?)", at, id));
        }
        var page = await returns.OrderByDescending(it => it.RequestedAt).ThenByDescending(it => it.Id).Take(size + 1).ToListAsync(token);
        return TypedResults.Ok(Keyset.Page([.. page.Select(it => ReturnView.Of(it, it.Version))], size, last => Keyset.Encode(last.RequestedAt, last.Id)));
    }

    private static Refusal BadStatus => Refusal.Invalid("invalid-status", "status is requested, open, closed, declined or canceled.");

    private static ReturnStatus? Parse(string status) => status switch
    {
        "requested" => ReturnStatus.Requested,
        "open" => ReturnStatus.Open,
        "closed" => ReturnStatus.Closed,
        "declined" => ReturnStatus.Declined,
        "canceled" => ReturnStatus.Canceled,
        _ => null,
    };
}
