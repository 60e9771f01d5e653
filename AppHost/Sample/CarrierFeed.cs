using Oms.Client;

namespace Oms.Sample;

/// <summary>
/// Plays the carriers: what was handed over is picked up, in transit, out for delivery and delivered, told in batches. Some of it is told twice,
/// in the wrong order or late, as carriers do; when it happened is always told right.
/// </summary>
internal sealed class CarrierFeed(PatientClient oms, OrderBook book)
{
    private const int EventsPerCall = 500;
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(800);
    private static readonly TimeSpan StepTime = TimeSpan.FromMilliseconds(20);
    private static readonly (string Code, string Message)[] Steps =
    [
        ("PU", "Picked up by the carrier."), ("IT", "Departed from the sorting center."), ("OD", "Out for delivery."), ("DV", "Delivered at the front door."),
    ];
    private readonly Lock gate = new();
    private readonly PriorityQueue<Due, (int Beat, int Order)> queue = new();
    private int beat;
    private int handedOver;

    /// <summary>Told after the last parcel of an order has arrived.</summary>
    public Action<OrderStory> Delivered { get; set; } = _ => { };

    /// <summary>Takes a parcel; one that is known already, or has arrived, is left alone.</summary>
    public void HandOver(ShipmentView shipment)
    {
        if (book.Find(shipment.OrderId) is not { } story || !story.Shipped(shipment.Id))
            return;
        if (shipment.DeliveredAt is not null)
        {
            story.Delivered(shipment.Id);
            return;
        }
        var begun = Clock.Now - Steps.Length * StepTime;
        lock (gate)
        {
            foreach (var (step, delay) in Plan(Tellings.Of(shipment.TrackingNumber)))
            {
                var tracking = new RecordTrackingEventsRow
                {
                    Carrier = shipment.Carrier,
                    TrackingNumber = shipment.TrackingNumber,
                    EventId = $"{shipment.TrackingNumber}-{Steps[step].Code}",
                    Code = Steps[step].Code,
                    Message = Steps[step].Message,
                    OccurredAt = begun + step * StepTime,
                };
                queue.Enqueue(new(tracking, story, shipment.Id), (beat + delay, ++handedOver));
            }
        }
    }

    public async Task Work(CancellationToken token)
    {
        while (await Clock.PauseUnlessStopped(Beat, token))
        {
            foreach (var chunk in Take().Chunk(EventsPerCall))
                await Tell(chunk, token);
        }
    }

    /// <summary>Which step is told in which beat.</summary>
    internal static IEnumerable<(int Step, int Beat)> Plan(Telling telling) => telling switch
    {
        Telling.Twice => [(0, 0), (0, 1), (1, 1), (1, 2), (2, 1), (3, 2), (3, 3)],
        Telling.OutOfOrder => [(1, 0), (0, 1), (3, 1), (2, 2)],
        Telling.Late => [(0, 0), (2, 1), (3, 2), (1, 4)],
        _ => [(0, 0), (1, 1), (2, 1), (3, 2)],
    };

    private List<Due> Take()
    {
        lock (gate)
        {
            var due = new List<Due>();
            while (queue.TryPeek(out var next, out var at) && at.Beat <= beat)
            {
                due.Add(next);
                queue.Dequeue();
            }
            beat++;
            return due;
        }
    }

    private async Task Tell(Due[] due, CancellationToken token)
    {
        var body = new RecordTrackingEventsBody { Events = [.. due.Select(it => it.Event)] };
        var answer = await oms.Api.RecordTrackingEventsAsync(body, cancellationToken: token).Required("Tracking events");
        foreach (var refused in answer.Results.Where(result => result.Outcome is not (RecordTrackingEventsOutcome.Recorded or RecordTrackingEventsOutcome.Duplicate)))
            book.Note($"Event {refused.EventId} of {refused.TrackingNumber} was answered with {refused.Outcome}: {refused.Code} {refused.Detail}");
        book.News();
        foreach (var it in due.Where(it => it.Event.Code == "DV"))
        {
            it.Story.Delivered(it.ShipmentId);
            if (it.Story.HasEveryParcelArrived)
                Delivered(it.Story);
        }
    }

    private sealed record Due(RecordTrackingEventsRow Event, OrderStory Story, Guid ShipmentId);
}
