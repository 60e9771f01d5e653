using System.Collections.Immutable;
using Oms.Contracts.Shipping.V1;
using Oms.Kernel;
using Oms.Shipping.Carriers;
using Oms.Shipping.Domain;
using Oms.Shipping.Features;
using Oms.Shipping.Integration;

namespace Oms.SystemTests.Simulation;

/// <summary>The Shipping service, the people at its locations, and the carriers that fetch the parcels.</summary>
internal sealed class Floor : Service
{
    private static readonly SandboxCarrier Carrier = new(SandboxCarrier.Up);

    private readonly List<Journey> journeys = [];

    public Floor(World world) : base(world, "shipping", ShippingPublishedLanguage.Translate) => world.Network.Add(
        new Queue("shipping-commands", 8, it => it is CreateFulfillmentOrders or CancelFulfillmentOrders, Together));

    public Streams<Guid, FulfillmentOrder, IFulfillmentOrderEvent> FulfillmentOrders { get; } = new();

    public Streams<Guid, Shipment, Oms.Shipping.Domain.IShipmentEvent> Shipments { get; } = new();

    /// <summary>What a carrier has to tell of a parcel.</summary>
    private sealed record Journey(Guid ShipmentId, List<RecordTrackingEvent> Untold, List<RecordTrackingEvent> Told);

    public bool NeverArrives(Guid shipmentId) => Shipments[shipmentId]!.Status == TrackingStatus.ReturningToSender;

    /// <summary>Somebody at a location does the next thing, or says no.</summary>
    public void Work()
    {
        if (Live() is not { Count: > 0 } live)
            return;
        var it = Dice.One(live);
        if (Dice.Chance(World.Network.Weather.LocationRejects))
            Act(it.Id, order => RejectFulfillmentOrderSlice.Decide(new(it.Id, "cannot_find_it", Now), order));
        else if (it.Status == FulfillmentOrderStatus.OnHold)
            Act(it.Id, order => HoldFulfillmentOrderSlice.Decide(new ReleaseHold(it.Id, null, Now), order));
        else if (Dice.Chance(4))
            Act(it.Id, order => HoldFulfillmentOrderSlice.Decide(new HoldFulfillmentOrder(it.Id, "damaged_label", null, Now), order));
        else if (!it.WasAccepted())
            Act(it.Id, order => AcceptFulfillmentOrderSlice.Decide(new(it.Id, Now), order));
        else
            PickPackOrShip(it);
    }

    /// <summary>Everything that may leave leaves.</summary>
    /// <returns>Whether there was anything.</returns>
    public bool Finish()
    {
        var live = Live();
        foreach (var it in live)
        {
            Act(it.Id, order => HoldFulfillmentOrderSlice.Decide(new ReleaseHold(it.Id, null, Now), order));
            Act(it.Id, order => AcceptFulfillmentOrderSlice.Decide(new(it.Id, Now), order));
            Ship(it.Id, null);
        }
        return live.Count > 0;
    }

    /// <summary>A carrier tells of a scan: not always the next one, and now and then one that it has told before.</summary>
    public void Scan()
    {
        var open = journeys.Where(it => it.Untold.Count > 0).ToList();
        if (open.Count == 0)
            return;
        var journey = Dice.One(open);
        if (journey.Told.Count > 0 && Dice.Chance(20))
            Hear(journey.ShipmentId, Dice.One(journey.Told));
        else
            TellOne(journey, Dice.Number(Math.Min(3, journey.Untold.Count)));
    }

    /// <summary>The carriers tell all that they have not told yet.</summary>
    public bool FinishScans()
    {
        var open = journeys.Where(it => it.Untold.Count > 0).ToList();
        foreach (var journey in open)
            while (journey.Untold.Count > 0)
                TellOne(journey, 0);
        return open.Count > 0;
    }

    private List<FulfillmentOrder> Live() => [.. FulfillmentOrders.All.Where(it => it.CreatedAt is not null && it.IsLive())];

    private void PickPackOrShip(FulfillmentOrder it)
    {
        var lines = Some(it);
        switch (Dice.Number(6))
        {
            case 0:
                Act(it.Id, order => PickPiecesSlice.Decide(new(it.Id, lines, Now), order));
                break;
            case 1:
                Act(it.Id, order => PackPiecesSlice.Decide(new(it.Id, lines, Dice.OneOf<int?>(null, 500), Now), order));
                break;
            case 2 or 3:
                Ship(it.Id, lines);
                break;
            default:
                Ship(it.Id, null);
                break;
        }
    }

    /// <summary>Some pieces of some lines, sometimes more than there are; null for all that can be.</summary>
    private ImmutableArray<LineCount>? Some(FulfillmentOrder it) => Dice.Chance(30)
        ? null
        : [new(Dice.One(it.Lines).Line, Dice.Between(1, 3))];

    private void Act(Guid id, Func<FulfillmentOrder?, Decision<IFulfillmentOrderEvent>> decide) => Decide(FulfillmentOrders, id, decide);

    private void Ship(Guid id, ImmutableArray<LineCount>? lines)
    {
        var it = FulfillmentOrders[id]!;
        if (ShipPiecesSlice.Decide(new(id, lines, Now), it).Events is not [PiecesShipped shipped])
            return;
        var label = Carrier.Buy(ShipPiecesSlice.Parcel(shipped, it), CancellationToken.None).Result;
        if (Dice.Chance(World.Network.Weather.DiesBeforePublishing))
            return;                                                     // died between the label and the commit
        foreach (var part in shipped.Lines)
            World.Books.Left(it.LocationId, part.Sku, part.Quantity);
        Tell(FulfillmentOrders, id, shipped);
        Tell(Shipments, shipped.ShipmentId, ShipPiecesSlice.Dispatch(shipped, it, label));
        Commit();
        journeys.Add(new(shipped.ShipmentId, Travel(shipped.ShipmentId), []));
    }

    private List<RecordTrackingEvent> Travel(Guid shipmentId)
    {
        List<TrackingStatus> way = [TrackingStatus.CarrierPickedUp, TrackingStatus.InTransit, TrackingStatus.OutForDelivery];
        if (Dice.Chance(20))
            way.Insert(2, TrackingStatus.Delayed);
        if (Dice.Chance(20))
            way.Add(TrackingStatus.AttemptedDelivery);
        way.AddRange(Dice.Number(20) switch
        {
            0 => [TrackingStatus.Failure, TrackingStatus.ReturningToSender],
            1 => [TrackingStatus.Delivered, TrackingStatus.Failure, TrackingStatus.Delivered],
            _ => [TrackingStatus.Delivered],
        });
        return [.. way.Select((status, index) =>
            new RecordTrackingEvent($"{shipmentId:N}/{index}", status, $"{status}", null, null, World.Now.AddHours(index + 1), World.Now))];
    }

    private void TellOne(Journey journey, int index)
    {
        var scan = journey.Untold[index];
        journey.Untold.RemoveAt(index);
        journey.Told.Add(scan);
        Hear(journey.ShipmentId, scan);
    }

    private void Hear(Guid shipmentId, RecordTrackingEvent scan) =>
        Decide(Shipments, shipmentId, it => RecordTrackingEventSlice.Decide(scan with { At = Now }, it!));

    // As ShippingCommand has it: a page in its order, all or nothing.
    private void Together(IReadOnlyList<object> page)
    {
        Dictionary<Guid, FulfillmentOrder?> now = [];
        List<(Guid Id, IFulfillmentOrderEvent Fact)> facts = [];
        foreach (var (id, decide) in page.Select(Read).SelectMany(command => command.Parts))
        foreach (var fact in decide(now.TryGetValue(id, out var known) ? known : FulfillmentOrders[id]))
        {
            now[id] = FulfillmentOrder.After(now.TryGetValue(id, out var before) ? before : FulfillmentOrders[id], fact);
            facts.Add((id, fact));
        }
        foreach (var (id, fact) in facts)
            Tell(FulfillmentOrders, id, fact);
        Commit();
    }

    private ShippingCommand Read(object message) => message is CreateFulfillmentOrders create
        ? CreateFulfillmentOrdersConsumer.Read(create, Now, null)
        : CancelFulfillmentOrdersConsumer.Read((CancelFulfillmentOrders)message, Now, null);
}
