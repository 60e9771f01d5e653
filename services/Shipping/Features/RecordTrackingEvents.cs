using Marten;
using Marten.Linq.MatchesSql;
using Oms.Kernel;
using Oms.ServiceDefaults;
using Oms.Shipping.Carriers;
using Oms.Shipping.Domain;

namespace Oms.Shipping.Features;

/// <summary>What carriers tell, by the hundred: late, twice and in any order. One commit for all parcels; each row has its own outcome.</summary>
public static class RecordTrackingEvents
{
    public const int EventsMax = 500;

    private const int TextLengthMax = 500;
    private const int EventIdLengthMax = 100;
    private const int CodeLengthMax = 40;

    // A carrier's clock may be a little off; an event of next year would be the last word for a year.
    private static readonly TimeSpan AheadMax = TimeSpan.FromDays(1);
    private static readonly DateTimeOffset Earliest = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/v1/tracking-events", Handle)
        .WithTags("Tracking")
        .WithName("RecordTrackingEvents").Access(Scopes.TrackingWrite, Restrictions.Locations)
        .WithSummary($"Up to {EventsMax} events of carriers; each row has its own outcome. Late, twice and out of order are all fine.")
        .WithExample(new Body([new(
            SandboxCarrier.Up, "9400000000000000000006", "7f3a", "PU", "Picked up", new(2026, 1, 5, 15, 4, 0, TimeSpan.Zero), "New York, NY")]))
        .Produces<Answer>().ProducesProblem(422);

    private static async Task<IResult> Handle(
        Body body, Caller caller, Writes writes, CarrierDirectory carriers, TimeProvider clock, CancellationToken token)
    {
        if (new Complaints().If(body.Events.Count is < 1 or > EventsMax, "events", $"has 1 to {EventsMax} entries")
            .ToRefusal("invalid-batch", "The batch cannot be taken as it is.") is { } refusal)
            return Problems.From(refusal);
        var at = clock.GetUtcNow();
        var rows = body.Events.Select(row => (Row: row, Command: Read(row, carriers, at, out var wrong), Wrong: wrong)).ToList();
        return await writes.Commit(async session =>
        {
            var parcels = await Parcels([.. rows.Where(it => it.Command is not null).Select(it => it.Row!.TrackingNumber!).Distinct()], caller, session, token);
            List<Result> results = [];
            foreach (var (row, command, wrong) in rows)
                results.Add(command is null
                    ? Result.Refused(row, wrong!)
                    : parcels.TryGetValue((row!.Carrier!, row.TrackingNumber!), out var parcel)
                        ? parcel.Take(row, command)
                        : new(row.Carrier, row.TrackingNumber, row.EventId, Outcome.UnknownTrackingNumber));
            foreach (var parcel in parcels.Values)
                parcel.Append(session);
            return TypedResults.Ok(new Answer(results));
        }, token);
    }

    private static async Task<Dictionary<(string Carrier, string TrackingNumber), KnownParcel>> Parcels(
        string[] trackingNumbers, Caller caller, IDocumentSession session, CancellationToken token)
    {
        var ids = trackingNumbers.Length == 0 ? [] : await session.Query<Shipment>()
            .Where(it => it.MatchesSql("d.tracking_number = any(?)", new object[] { trackingNumbers })).Select(it => it.Id).ToListAsync(token);
        if (ids.Count == 0)
            return [];
        // In the order of their keys: two processes that write several of them cannot wait for each other in a circle.
        var batch = session.CreateBatchQuery();
        var fetching = ids.Order().Select(id => batch.Events.FetchForWriting<Shipment>(id)).ToList();
        await batch.Execute(token);
        var streams = await Task.WhenAll(fetching);
        return streams.Where(it => caller.Sees(it.Aggregate)).ToDictionary(it => (it.Aggregate!.Carrier, it.Aggregate.TrackingNumber), it => new KnownParcel(it));
    }

    private static RecordTrackingEvent? Read(Row? row, CarrierDirectory carriers, DateTimeOffset at, out Refusal? wrong)
    {
        var carrier = row?.Carrier is { } name ? carriers.Find(name) : null;
        var status = row?.Code is { } code ? carrier?.Read(code) : null;
        wrong = new Complaints()
            .If(carrier is null, "carrier", "is not a carrier that is known here")
            .If(!TrackingNumbers.MayBe(row?.TrackingNumber), "trackingNumber", $"has 1 to {TrackingNumbers.LengthMax} letters and digits")
            .If(row?.EventId is not { Length: > 0 }, "eventId", "is required")
            .Text(row?.EventId, "eventId", EventIdLengthMax)
            .If(carrier is not null && status is null, "code", $"is not a code of {carrier?.Name}")
            .Text(row?.Code, "code", CodeLengthMax)
            .Text(row?.Message, "message", TextLengthMax)
            .Text(row?.Location, "location", TextLengthMax)
            .If(row?.OccurredAt is not { } occurred || occurred < Earliest || occurred > at + AheadMax, "occurredAt",
                "is required, in this century and not in the future")
            .ToRefusal("invalid-tracking-event", "The event cannot be recorded as it is.");
        return wrong is null
            ? new(row!.EventId!, status!.Value, row.Code!, row.Message, row.Location, row.OccurredAt!.Value.ToUniversalTime(), at)
            : null;
    }

    /// <summary>A parcel while a batch is decided: each row upon what the rows before it have told.</summary>
    private sealed class KnownParcel(JasperFx.Events.IEventStream<Shipment> stream)
    {
        private readonly List<IShipmentEvent> facts = [];
        private Shipment now = stream.Aggregate!;

        public Result Take(Row row, RecordTrackingEvent command)
        {
            var decision = RecordTrackingEventSlice.Decide(command, now);
            if (decision.Refusal is { } refusal)
                return Result.Refused(row, refusal);
            facts.AddRange(decision.Events);
            now = Fold.All(decision.Events, now)!;
            return new(row.Carrier, row.TrackingNumber, row.EventId, decision.Events.IsEmpty ? Outcome.Duplicate : Outcome.Recorded, ShipmentId: now.Id);
        }

        public void Append(IDocumentSession session)
        {
            var trace = Tracing.Continue(now.TraceParent);
            foreach (var fact in facts)
                stream.AppendOne(session.Fact(fact, trace));
        }
    }

    public enum Outcome { Recorded, Duplicate, UnknownTrackingNumber, Refused }

    public sealed record Body(IReadOnlyList<Row?> Events);

    public sealed record Row(
        string? Carrier = null, string? TrackingNumber = null, string? EventId = null, string? Code = null, string? Message = null,
        DateTimeOffset? OccurredAt = null, string? Location = null);

    public sealed record Answer(IReadOnlyList<Result> Results);

    public sealed record Result(
        string? Carrier, string? TrackingNumber, string? EventId, Outcome Outcome, Guid? ShipmentId = null, string? Code = null, string? Detail = null,
        IReadOnlyDictionary<string, string[]>? Errors = null)
    {
        public static Result Refused(Row? row, Refusal refusal) => new(
            row?.Carrier, row?.TrackingNumber, row?.EventId, Outcome.Refused, ShipmentId: null, refusal.Code, refusal.Detail,
            refusal.Errors.IsEmpty ? null : refusal.Errors);
    }
}

public static class TrackingNumbers
{
    public const int LengthMax = 40;

    /// <summary>Whether any carrier could have given such a number.</summary>
    public static bool MayBe(string? text) => text is { Length: > 0 and <= LengthMax } && text.All(char.IsAsciiLetterOrDigit);
}
