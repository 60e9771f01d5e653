using Oms.Kernel;
using Oms.Returns.Domain;
using Oms.ServiceDefaults;

namespace Oms.Returns.Features;

public sealed record CancelReturn(Guid ReturnId, DateTimeOffset At);

public static class CancelReturnSlice
{
    public static Decision<IReturnEvent> Decide(CancelReturn command, Return? it) => it switch
    {
        null => ReturnRefusals.NotFound(command.ReturnId),
        { Status: ReturnStatus.Canceled } => [],
        { Status: ReturnStatus.Declined } => ReturnRefusals.Declined(it.Number),
        { ReceivedAt: not null } => ReturnRefusals.AlreadyReceived(it.Number),
        _ => [new ReturnCanceled(it.Id, it.OrderId, command.At)],
    };

    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/v1/returns/{returnId:guid}/cancel", Handle)
        .WithName("CancelReturn").Access(Scopes.ReturnsWrite, Restrictions.Channels).Versioned()
        .WithSummary("Calls a return off before its goods arrive; its pieces may be returned otherwise. Safe to repeat.")
        .WithExample(new EmptyBody())
        .Produces<ReturnView>().ProducesProblem(404).ProducesProblem(409).ProducesProblem(412);

    private static Task<IResult> Handle(
        Guid returnId, EmptyBody? _, Caller caller, HttpContext http, Writes writes, TimeProvider clock, CancellationToken token) =>
        writes.Commit(async session =>
        {
            var command = new CancelReturn(returnId, clock.GetUtcNow());
            var decided = await session.Decide<Return, IReturnEvent>(returnId, it => Decide(command, it), token, http.Precondition(), caller);
            await session.ReleaseClaims(decided, Claims.All, command.At, token);
            return ReturnView.Answer(decided, http);
        }, token);
}
