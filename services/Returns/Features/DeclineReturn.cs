using Oms.Kernel;
using Oms.Returns.Domain;
using Oms.ServiceDefaults;

namespace Oms.Returns.Features;

public sealed record DeclineReturn(Guid ReturnId, string Reason, DateTimeOffset At);

public static class DeclineReturnSlice
{
    public static Decision<IReturnEvent> Decide(DeclineReturn command, Return? it) => it switch
    {
        null => ReturnRefusals.NotFound(command.ReturnId),
        { Status: ReturnStatus.Requested } => [new ReturnDeclined(it.Id, it.OrderId, command.Reason, command.At)],
        { Status: ReturnStatus.Declined } => [],
        { Status: ReturnStatus.Canceled } => ReturnRefusals.Canceled(it.Number),
        _ => ReturnRefusals.AlreadyApproved(it.Number),
    };

    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/v1/returns/{returnId:guid}/decline", Handle)
        .WithName("DeclineReturn").Access(Scopes.ReturnsManage, Restrictions.Channels).Versioned()
        .WithSummary("Says no to a requested return; its pieces may be returned otherwise. Safe to repeat.")
        .WithExample(new Body("Has been used"))
        .Produces<ReturnView>().ProducesProblem(404).ProducesProblem(409).ProducesProblem(412).ProducesProblem(422);

    private static async Task<IResult> Handle(Guid returnId, Body body, Caller caller, HttpContext http, Writes writes, TimeProvider clock, CancellationToken token)
    {
        if (new Complaints().Reason(body.Reason, "reason").ToRefusal("invalid-decline", "A return is declined for a reason.") is { } refusal)
            return Problems.From(refusal);
        return await writes.Commit(async session =>
        {
            var command = new DeclineReturn(returnId, body.Reason, clock.GetUtcNow());
            var decided = await session.Decide<Return, IReturnEvent>(returnId, it => Decide(command, it), token, http.Precondition(), caller);
            await session.ReleaseClaims(decided, Claims.All, command.At, token);
            return ReturnView.Answer(decided, http);
        }, token);
    }

    public sealed record Body(string Reason);
}
