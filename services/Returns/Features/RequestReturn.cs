using System.Collections.Immutable;
using Marten;
using Oms.Kernel;
using Oms.Returns.Domain;
using Oms.ServiceDefaults;

namespace Oms.Returns.Features;

public sealed record RequestReturn(
    Guid ReturnId, Guid OrderId, ImmutableArray<RequestReturn.Line> Lines, string Reason, string? Note, DateTimeOffset At)
{
    public sealed record Line(int Number, int Quantity, string? Reason);
}

public static class RequestReturnSlice
{
    /// <summary>
    /// Claims the pieces. All lines are looked at, so that the sender hears everything at once; the code is that of the first wrong one.
    /// </summary>
    public static Decision<IReturnableOrderEvent> Decide(RequestReturn command, ReturnableOrder? order)
    {
        if (order is not { Number: not null })
            return ReturnRefusals.OrderNotFound(command.OrderId);

        var wrong = command.Lines
            .Select((line, index) => (Path: $"lines[{index}]", Refusal: Check(line, order.Lines.GetValueOrDefault(line.Number))))
            .Where(it => it.Refusal is not null).ToList();
        if (wrong is [var first, ..])
            return first.Refusal! with { Errors = wrong.ToImmutableSortedDictionary(it => it.Path, it => new[] { it.Refusal!.Detail }) };

        ImmutableArray<ClaimedLine> claimed = [.. command.Lines.Select(line => new ClaimedLine(line.Number, line.Quantity))];
        return [new PiecesClaimed(command.OrderId, command.ReturnId, claimed, command.At)];
    }

    /// <summary>How a return begins, once its pieces are claimed.</summary>
    public static ReturnRequested Begin(RequestReturn command, string number, ReturnableOrder order) => new(
        command.ReturnId, number, command.OrderId, order.Currency!,
        [.. command.Lines.Select(line => new ReturnLine(line.Number, order.Lines[line.Number].Sku, line.Quantity, line.Reason ?? command.Reason))],
        command.Reason, command.Note, command.At, order.TraceParent, order.Channel);

    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/v1/returns", Handle)
        .WithName("RequestReturn").Access(Scopes.ReturnsWrite, Restrictions.Channels)
        .WithSummary("Requests the return of delivered pieces.")
        .WithExample(new Body(Examples.Order, "Too small", [new(1, 1)]))
        .Produces<ReturnView>(StatusCodes.Status201Created).ProducesProblem(404).ProducesProblem(422);

    private static Refusal? Check(RequestReturn.Line wanted, ReturnableLine? line) => line switch
    {
        null => ReturnRefusals.UnknownLine(wanted.Number),
        { Delivered: 0 } => ReturnRefusals.NotDelivered(wanted.Number),
        { Left: 0 } => ReturnRefusals.NothingLeftToReturn(wanted.Number, line.Delivered),
        _ when wanted.Quantity > line.Left => ReturnRefusals.QuantityTooLarge(wanted.Number, wanted.Quantity, line.Left),
        _ => null,
    };

    private static async Task<IResult> Handle(Body body, Caller caller, HttpContext http, Writes writes, TimeProvider clock, CancellationToken token)
    {
        if (body.Check() is { } refusal)
            return Problems.From(refusal);
        return await writes.Commit(async session =>
        {
            var at = clock.GetUtcNow();
            var command = new RequestReturn(
                Guid.CreateVersion7(at), body.OrderId, [.. body.Lines.Select(line => new RequestReturn.Line(line!.Line, line.Quantity, line.Reason))],
                body.Reason, body.Note, at);
            var claimed = await session.Decide<ReturnableOrder, IReturnableOrderEvent>(command.OrderId, order => Decide(command, order), token, caller: caller);
            if (claimed.Refusal is { } refusal)
                return Problems.From(refusal);

            var requested = Begin(command, await ReturnNumbers.Next(session, token), claimed.State!);
            session.Events.StartStream<Return>(requested.ReturnId, requested);
            http.SetETag(1);
            return TypedResults.Created($"/v1/returns/{requested.ReturnId}", ReturnView.Of(Return.After(null, requested), version: 1));
        }, token);
    }

    public sealed record Body(Guid OrderId, string Reason, IReadOnlyList<BodyLine?> Lines, string? Note = null)
    {
        public Refusal? Check()
        {
            var complaints = new Complaints().Reason(Reason, "reason").Text(Note, "note", Inputs.NoteLengthMax).LineCount(Lines.Count);
            HashSet<int> seen = [];
            for (var index = 0; index < Math.Min(Lines.Count, Inputs.LinesMax); index++)
            {
                var path = $"lines[{index}]";
                if (Lines[index] is not { } line)
                {
                    complaints.If(true, path, "is required");
                    continue;
                }
                complaints.LineQuantity(line.Line, line.Quantity, path).Text(line.Reason, $"{path}.reason", Inputs.ReasonLengthMax)
                    .If(!seen.Add(line.Line), $"{path}.line", "is listed twice");
            }
            return complaints.ToRefusal("invalid-return", "The return cannot be requested like this.");
        }
    }

    public sealed record BodyLine(int Line, int Quantity, string? Reason = null);
}
