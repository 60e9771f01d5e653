using Oms.Kernel;
using Oms.Returns.Domain;
using Oms.ServiceDefaults;

namespace Oms.Returns.Features;

public sealed record ApproveReturn(Guid ReturnId, DateTimeOffset At);

public static class ApproveReturnSlice
{
    public static Decision<IReturnEvent> Decide(ApproveReturn command, Return? it) => it switch
    {
        null => ReturnRefusals.NotFound(command.ReturnId),
        { Status: ReturnStatus.Requested } => [new ReturnApproved(it.Id, it.OrderId, command.At)],
        { Status: ReturnStatus.Declined } => ReturnRefusals.Declined(it.Number),
        { Status: ReturnStatus.Canceled } => ReturnRefusals.Canceled(it.Number),
        _ => [],
    };

    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/v1/returns/{returnId:guid}/approve", Handle)
        .WithName("ApproveReturn").Access(Scopes.ReturnsManage, Restrictions.Channels).Versioned()
        .WithSummary("Lets the goods come back. Safe to repeat.")
        .WithExample(new EmptyBody())
        .Produces<ReturnView>().ProducesProblem(404).ProducesProblem(409).ProducesProblem(412);

    private static Task<IResult> Handle(
        Guid returnId, EmptyBody? _, Caller caller, HttpContext http, Writes writes, TimeProvider clock, CancellationToken token) =>
        writes.Commit(async session =>
        {
            var command = new ApproveReturn(returnId, clock.GetUtcNow());
            return ReturnView.Answer(await session.Decide<Return, IReturnEvent>(returnId, it => Decide(command, it), token, http.Precondition(), caller), http);
        }, token);
}
