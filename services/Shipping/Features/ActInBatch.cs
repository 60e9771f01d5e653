using Marten;
using Oms.Kernel;
using Oms.ServiceDefaults;
using Oms.Shipping.Carriers;
using Oms.Shipping.Domain;

namespace Oms.Shipping.Features;

/// <summary>
/// Many actions, several of them perhaps upon one fulfillment order: decided in their order, each upon what those before it have left, and committed at
/// once. A row that is refused changes nothing and stops no other.
/// </summary>
public static class ActInBatch
{
    public const int ActionsMax = 100;

    /// <summary>What a row asks for, once it is readable.</summary>
    public sealed record Row(Guid FulfillmentOrderId, Func<FulfillmentOrder?, Decision<IFulfillmentOrderEvent>> Decide, bool Ships = false);

    /// <summary>What came of a row.</summary>
    /// <param name="NotBought">Its parcel has no label, because the carrier does not answer; then there is no refusal of our own.</param>
    /// <param name="After">The fulfillment order as the row leaves it.</param>
    public sealed record Outcome(Row Row, Refusal? Refusal, bool NotBought, IReadOnlyList<IFulfillmentOrderEvent> Facts, FulfillmentOrder? After)
    {
        public PiecesShipped? Shipped => Facts is [PiecesShipped shipped] ? shipped : null;

        /// <summary>The parcel in which it left, with this row or before: a batch that is repeated answers its labels again.</summary>
        public Guid? ShipmentId => Row.Ships && !NotBought && Refusal is null ? After!.Shipments[^1] : null;
    }

    /// <summary>
    /// Decides the rows in their order. Parcels in <paramref name="notBought"/> cannot leave, and what follows upon them is decided without them.
    /// </summary>
    public static IReadOnlyList<Outcome> Decide(
        IReadOnlyList<Row> rows, IReadOnlyDictionary<Guid, FulfillmentOrder?> before, IReadOnlySet<Guid> notBought)
    {
        var now = new Dictionary<Guid, FulfillmentOrder?>(before);
        List<Outcome> outcomes = [];
        foreach (var row in rows)
        {
            var it = now[row.FulfillmentOrderId];
            var decision = row.Decide(it);
            if (decision.Events is [PiecesShipped shipped] && notBought.Contains(shipped.ShipmentId))
            {
                outcomes.Add(new(row, null, NotBought: true, [], it));
                continue;
            }
            now[row.FulfillmentOrderId] = Fold.All(decision.Events, it);
            outcomes.Add(new(row, decision.Refusal, NotBought: false, decision.Events, now[row.FulfillmentOrderId]));
        }
        return outcomes;
    }

    public static void Map(IEndpointRouteBuilder fulfillmentOrders) => fulfillmentOrders
        .MapPost("/batch", Handle)
        .WithName("ActOnFulfillmentOrders").Access(Scopes.FulfillmentWrite, Restrictions.Locations)
        .WithSummary($"Up to {ActionsMax} actions in their order; each row has its own outcome. Safe to repeat.")
        .WithExample(new Body([new(Examples.Id, "accept"), new(Examples.Id, "pick")]))
        .Produces<Answer>().ProducesProblem(422);

    private static async Task<IResult> Handle(Body body, Caller caller, Writes writes, CarrierDirectory carriers, TimeProvider clock, CancellationToken token)
    {
        if (new Complaints().If(body.Actions.Count is < 1 or > ActionsMax, "actions", $"has 1 to {ActionsMax} entries")
            .ToRefusal("invalid-batch", "The batch cannot be taken as it is.") is { } refusal)
            return Problems.From(refusal);
        var at = clock.GetUtcNow();
        var read = body.Actions.Select(action => (Action: action, Row: Read(action, at, out var wrong), Wrong: wrong)).ToList();
        return await writes.Commit(async session =>
        {
            var (outcomes, dispatched) = await ActTogether([.. read.Select(it => it.Row).OfType<Row>()], caller, session, carriers, token);
            var shipments = await Shipments(outcomes, dispatched, session, token);
            var results = new Queue<Result>(outcomes.Select(outcome => Result.Of(outcome, shipments, carriers)));
            return TypedResults.Ok(new Answer(
                [.. read.Select(it => it.Row is null ? Result.Refused(it.Action?.FulfillmentOrderId, it.Wrong!) : results.Dequeue())]));
        }, token, asksOutside: true);
    }

    private static async Task<(IReadOnlyList<Outcome> Outcomes, IReadOnlyList<ShipmentDispatched> Dispatched)> ActTogether(
        IReadOnlyList<Row> rows, Caller caller, IDocumentSession session, CarrierDirectory carriers, CancellationToken token)
    {
        if (rows.Count == 0)
            return ([], []);
        // In the order of their keys: two processes that write several of them cannot wait for each other in a circle.
        var batch = session.CreateBatchQuery();
        var fetching = rows.Select(row => row.FulfillmentOrderId).Distinct().Order()
            .ToDictionary(id => id, id => batch.Events.FetchForWriting<FulfillmentOrder>(id));
        await batch.Execute(token);
        var before = new Dictionary<Guid, FulfillmentOrder?>();
        foreach (var (id, stream) in fetching)
            before[id] = caller.Own((await stream).Aggregate);

        var (outcomes, labels) = await DecideAndBuy(rows, before, carriers, token);
        List<ShipmentDispatched> dispatched = [];
        foreach (var outcome in outcomes.Where(it => it.Facts.Count > 0))
        {
            var trace = Tracing.Continue(outcome.After!.TraceParent);
            foreach (var fact in outcome.Facts)
                (await fetching[outcome.Row.FulfillmentOrderId]).AppendOne(session.Fact(fact, trace));
            if (outcome.Shipped is not { } shipped)
                continue;
            var parcel = ShipPiecesSlice.Dispatch(shipped, outcome.After, labels[shipped.ShipmentId]!);
            session.Events.StartStream<Shipment>(parcel.ShipmentId, session.Fact(parcel, trace));
            dispatched.Add(parcel);
        }
        return (outcomes, dispatched);
    }

    // A label that cannot be bought changes what the rows after it find, so then everything is decided again; what is bought stays bought.
    private static async Task<(IReadOnlyList<Outcome> Outcomes, Dictionary<Guid, Label?> Labels)> DecideAndBuy(
        IReadOnlyList<Row> rows, Dictionary<Guid, FulfillmentOrder?> before, CarrierDirectory carriers, CancellationToken token)
    {
        var labels = new Dictionary<Guid, Label?>();
        while (true)
        {
            var outcomes = Decide(rows, before, labels.Where(it => it.Value is null).Select(it => it.Key).ToHashSet());
            var parcels = outcomes.Where(it => it.Shipped is { } shipped && !labels.ContainsKey(shipped.ShipmentId))
                .Select(it => ShipPiecesSlice.Parcel(it.Shipped!, it.After!)).ToList();
            var bought = await Task.WhenAll(parcels.Select(parcel => carriers.Buy(carriers.Default, parcel, token)));
            foreach (var (parcel, label) in parcels.Zip(bought))
                labels[parcel.ShipmentId] = label;
            if (bought.All(label => label is not null))
                return (outcomes, labels);
        }
    }

    private static async Task<IReadOnlyDictionary<Guid, ShipmentView>> Shipments(
        IReadOnlyList<Outcome> outcomes, IReadOnlyList<ShipmentDispatched> dispatched, IQuerySession session, CancellationToken token)
    {
        var shipments = dispatched.ToDictionary(it => it.ShipmentId, it => ShipmentView.Of(Shipment.After(null, it), version: 1));
        var stored = outcomes.Select(it => it.ShipmentId).OfType<Guid>().Where(id => !shipments.ContainsKey(id)).Distinct().ToArray();
        if (stored.Length > 0)
            foreach (var it in await session.LoadManyAsync<Shipment>(token, stored))
                shipments[it.Id] = ShipmentView.Of(it, it.Version);
        return shipments;
    }

    private static Row? Read(ActionBody? action, DateTimeOffset at, out Refusal? wrong)
    {
        var complaints = new Complaints()
            .If(action?.FulfillmentOrderId is null || action.FulfillmentOrderId == Guid.Empty, "fulfillmentOrderId", "is required")
            .If(action?.Action is not ("accept" or "reject" or "pick" or "pack" or "ship"), "action", "is accept, reject, pick, pack or ship");
        if (action?.Action == "reject")
            complaints.Reason(action.Reason);
        wrong = complaints.ToRefusal("invalid-action", "The action cannot be taken as it is.");
        if (wrong is not null)
            return null;
        var id = action!.FulfillmentOrderId!.Value;
        return action.Action switch
        {
            "accept" => new(id, it => AcceptFulfillmentOrderSlice.Decide(new(id, at), it)),
            "reject" => new(id, it => RejectFulfillmentOrderSlice.Decide(new(id, action.Reason!, at), it)),
            "pick" => new(id, it => PickPiecesSlice.Decide(new(id, Lines: null, at), it)),
            "pack" => new(id, it => PackPiecesSlice.Decide(new(id, Lines: null, WeightGrams: null, at), it)),
            _ => new(id, it => ShipPiecesSlice.Decide(new(id, Lines: null, at), it), Ships: true),
        };
    }

    public sealed record Body(IReadOnlyList<ActionBody?> Actions);

    public sealed record ActionBody(Guid? FulfillmentOrderId = null, string? Action = null, string? Reason = null);

    public enum RowOutcome { Done, Unchanged, Refused }

    public sealed record Answer(IReadOnlyList<Result> Results);

    public sealed record Result(
        Guid? FulfillmentOrderId, RowOutcome Outcome, string? Code = null, string? Detail = null, IReadOnlyDictionary<string, string[]>? Errors = null,
        ShipmentView? Shipment = null)
    {
        public static Result Refused(Guid? id, Refusal refusal) =>
            new(id, RowOutcome.Refused, refusal.Code, refusal.Detail, refusal.Errors.IsEmpty ? null : refusal.Errors);

        public static Result Of(Outcome outcome, IReadOnlyDictionary<Guid, ShipmentView> shipments, CarrierDirectory carriers)
        {
            var id = outcome.Row.FulfillmentOrderId;
            if (outcome.Refusal is { } refusal)
                return Refused(id, refusal);
            if (outcome.NotBought)
                return new(id, RowOutcome.Refused, CarrierDirectory.Unavailable, CarrierDirectory.DetailOf(carriers.Default));
            return new(
                id, outcome.Facts.Count > 0 ? RowOutcome.Done : RowOutcome.Unchanged,
                Shipment: outcome.ShipmentId is { } shipment ? shipments[shipment] : null);
        }
    }
}
