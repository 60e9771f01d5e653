using System.Collections.Immutable;
using Oms.Kernel;
using Oms.Returns.Domain;
using Oms.ServiceDefaults;

namespace Oms.Returns.Features;

public sealed record ReceiveReturn(Guid ReturnId, string LocationId, ImmutableArray<ReceiveReturn.Line> Lines, DateTimeOffset At)
{
    public sealed record Line(int Number, int Quantity, Disposition Disposition);
}

public static class ReceiveReturnSlice
{
    /// <summary>
    /// The goods are back: Inventory is asked to take in what becomes stock, and the Order service to refund all of it. Whoever says the same again
    /// changes nothing; a different content is refused, because both have been asked for already.
    /// </summary>
    public static Decision<IReturnEvent> Decide(ReceiveReturn command, Return? it)
    {
        switch (it)
        {
            case null: return ReturnRefusals.NotFound(command.ReturnId);
            case { ReceivedAt: not null }: return SaysTheSame(command, it) ? [] : ReturnRefusals.ReceivedDifferently(it.Number);
            case { Status: ReturnStatus.Requested }: return ReturnRefusals.NotApproved(it.Number);
            case { Status: ReturnStatus.Declined }: return ReturnRefusals.Declined(it.Number);
            case { Status: ReturnStatus.Canceled }: return ReturnRefusals.Canceled(it.Number);
        }

        var approvedByLine = it.Lines.ToDictionary(line => line.Line);
        foreach (var (line, quantity) in command.Lines.GroupBy(line => line.Number).Select(parts => (parts.Key, parts.Sum(part => (long)part.Quantity))))
        {
            if (!approvedByLine.TryGetValue(line, out var approved))
                return ReturnRefusals.UnknownLine(line);
            if (quantity > approved.Quantity)
                return ReturnRefusals.ReceivedTooMany(line, quantity, approved.Quantity);
        }

        ImmutableArray<ReceivedLine> lines =
            [.. command.Lines.Select(line => new ReceivedLine(line.Number, approvedByLine[line.Number].Sku, line.Quantity, line.Disposition))];
        ImmutableArray<RestockedLine> restocked = [.. lines
            .Where(line => RestockStates.Of(line.Disposition) is not null)
            .Select(line => new RestockedLine(line.Line, line.Sku, line.Quantity, RestockStates.Of(line.Disposition)!))];
        ImmutableArray<RefundedLine> refunded = [.. lines
            .GroupBy(line => (line.Line, line.Sku))
            .Select(parts => new RefundedLine(parts.Key.Line, parts.Key.Sku, parts.Sum(part => part.Quantity)))];
        var received = new ReturnReceived(it.Id, it.OrderId, command.LocationId, lines, command.At);
        var refund = new RefundRequested(it.Id, it.OrderId, refunded, it.Reason, command.At);
        return restocked.IsEmpty
            ? [received, refund]
            : [received, new RestockRequested(it.Id, it.OrderId, command.LocationId, restocked, command.At), refund];
    }

    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/v1/returns/{returnId:guid}/receive", Handle)
        .WithName("ReceiveReturn").Access(Scopes.ReturnsManage, Restrictions.Locations).Versioned()
        .WithSummary("Takes the goods of an approved return in; restock and refund follow. Safe to repeat with the same content.")
        .WithExample(new Body(Examples.Location, [new(1, 1, "restocked")]))
        .Produces<ReturnView>().ProducesProblem(404).ProducesProblem(409).ProducesProblem(412).ProducesProblem(422);

    private static bool SaysTheSame(ReceiveReturn command, Return it) =>
        command.LocationId == it.LocationId &&
        command.Lines.Select(line => (line.Number, line.Disposition, line.Quantity)).Order()
            .SequenceEqual(it.Received.Select(line => (line.Line, line.Disposition, line.Quantity)).Order());

    private static async Task<IResult> Handle(
        Guid returnId, Body body, Caller caller, HttpContext http, Writes writes, TimeProvider clock, CancellationToken token)
    {
        if (body.Check() is { } refusal)
            return Problems.From(refusal);
        if (!caller.SeesLocation(body.LocationId))
            return Problems.From(ReturnRefusals.ForeignLocation(body.LocationId));
        return await writes.Commit(async session =>
        {
            var command = new ReceiveReturn(returnId, body.LocationId, body.Parsed(), clock.GetUtcNow());
            var decided = await session.Decide<Return, IReturnEvent>(returnId, it => Decide(command, NotElsewhere(it)), token, http.Precondition());
            await session.ReleaseClaims(decided, Claims.NotReceived, command.At, token);
            return ReturnView.Answer(decided, http);
        }, token);

        // Where it will come to nobody knows before: whoever has the parcel takes it in. After that it is theirs.
        Return? NotElsewhere(Return? it) => it is { LocationId: { } taken } && !caller.SeesLocation(taken) ? null : it;
    }

    public sealed record Body(string LocationId, IReadOnlyList<BodyLine?> Lines)
    {
        public Refusal? Check()
        {
            var complaints = new Complaints().LineCount(Lines.Count)
                .If(!Kernel.LocationId.IsValid(LocationId), "locationId", "is a location's id, such as nyc-warehouse");
            HashSet<(int, Disposition)> seen = [];
            for (var index = 0; index < Math.Min(Lines.Count, Inputs.LinesMax); index++)
            {
                var path = $"lines[{index}]";
                if (Lines[index] is not { } line)
                {
                    complaints.If(true, path, "is required");
                    continue;
                }
                var disposition = line.Parse();
                complaints.LineQuantity(line.Line, line.Quantity, path)
                    .If(disposition is null, $"{path}.disposition", "is restocked, not_restocked, damaged or quality_control")
                    .If(disposition is { } known && !seen.Add((line.Line, known)), path, "is listed twice with this disposition");
            }
            return complaints.ToRefusal("invalid-receipt", "The goods cannot be received like this.");
        }

        /// <summary>Only after <see cref="Check"/> has found nothing.</summary>
        public ImmutableArray<ReceiveReturn.Line> Parsed() =>
            [.. Lines.Select(line => new ReceiveReturn.Line(line!.Line, line.Quantity, line.Parse()!.Value))];
    }

    public sealed record BodyLine(int Line, int Quantity, string Disposition)
    {
        public Disposition? Parse() => Disposition switch
        {
            "restocked" => Domain.Disposition.Restocked,
            "not_restocked" => Domain.Disposition.NotRestocked,
            "damaged" => Domain.Disposition.Damaged,
            "quality_control" => Domain.Disposition.QualityControl,
            _ => null,
        };
    }
}
