using System.Collections.Concurrent;
using System.Net;
using System.Threading.Channels;

namespace Oms.Bench.Load;

/// <summary>An order on its way, and when it passed where, counted from the beginning of the run.</summary>
internal sealed class Flight(Guid orderId, TimeSpan begun)
{
    public Guid OrderId => orderId;

    public TimeSpan Begun => begun;

    public TimeSpan Known { get; set; }

    public TimeSpan Shipped { get; set; }

    public TimeSpan Told { get; set; }

    public TimeSpan Ended { get; set; }

    /// <summary>Null when it arrived, or what went wrong.</summary>
    public TaskCompletionSource<string?> End { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}

/// <summary>
/// Plays the warehouses and the carrier. As in a real one, what came in during the last call is the next batch, so nothing waits for a batch to fill; or, with
/// <see cref="WarehouseMode.Single"/>, every order and every step is a call of its own.
/// </summary>
internal sealed class WarehouseFloor
{
    /// <summary>25 fulfillment orders × 4 actions are the 100 actions that a batch may have.</summary>
    private const int FulfillmentOrdersPerBatch = 25;
    private const int EventsPerCall = 500;
    private static readonly string[] Actions = ["accept", "pick", "pack", "ship"];
    private static readonly TimeSpan PatienceMax = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan StepTime = TimeSpan.FromMilliseconds(1);

    private readonly Api api;
    private readonly INews news;
    private readonly BenchOptions options;
    private readonly TimeProvider clock;
    private readonly long begun;
    private readonly ConcurrentDictionary<Guid, Flight> flights = new();
    private readonly Dictionary<string, Channel<FulfillmentOrderView>> doors =
        Shop.Locations.ToDictionary(it => it, _ => Channel.CreateUnbounded<FulfillmentOrderView>());
    private readonly Channel<ShipmentView> dock = Channel.CreateUnbounded<ShipmentView>();

    public WarehouseFloor(Api api, INews news, BenchOptions options, TimeProvider clock)
    {
        (this.api, this.news, this.options, this.clock, begun) = (api, news, options, clock, clock.GetTimestamp());
        news.Created = Come;
        news.Completed = id => End(id, null);
    }

    public ConcurrentQueue<Flight> Done { get; } = new();

    private TimeSpan Now => clock.GetElapsedTime(begun);

    /// <summary>Places an order and waits until it is completed; null when all went well.</summary>
    public async Task<string?> See(ReadyOrder order, CancellationToken token)
    {
        var flight = flights[order.Id] = new(order.Id, Now);
        var status = await api.Status(HttpMethod.Post, "/v1/orders", order.Body, token);
        if (status != HttpStatusCode.Created)
            return $"placing was answered with {(int)status}";
        try
        {
            return await flight.End.Task.WaitAsync(PatienceMax, clock, token);
        }
        catch (TimeoutException)
        {
            return $"order {order.Id} was not completed within {PatienceMax.TotalSeconds:0} s";
        }
        finally
        {
            flights.TryRemove(order.Id, out _);
        }
    }

    /// <summary>Until it is stopped.</summary>
    public async Task Work(CancellationToken token)
    {
        List<Task> working = [news.Work(token), Carry(token), .. doors.Values.Select(door => Fulfill(door.Reader, token))];
        await await Task.WhenAny(working);
    }

    // What is not of this run, or is seen again, is left alone.
    private void Come(FulfillmentOrderView order)
    {
        if (!flights.TryGetValue(order.OrderId, out var flight) || flight.Known != TimeSpan.Zero)
            return;
        flight.Known = Now;
        doors[order.LocationId].Writer.TryWrite(order);
    }

    private void End(Guid orderId, string? problem)
    {
        if (!flights.TryGetValue(orderId, out var flight))
            return;
        flight.Ended = Now;
        if (problem is null)
            Done.Enqueue(flight);
        flight.End.TrySetResult(problem);
    }

    private async Task Fulfill(ChannelReader<FulfillmentOrderView> door, CancellationToken token)
    {
        while (await door.WaitToReadAsync(token))
        {
            var batch = Take(door, options.Warehouse == WarehouseMode.Single ? 1 : FulfillmentOrdersPerBatch);
            if (options.Warehouse == WarehouseMode.Batch)
                await InBulk(batch, token);
            else
                _ = StepByStep(batch[0], token);
        }
    }

    private async Task InBulk(List<FulfillmentOrderView> orders, CancellationToken token)
    {
        var body = new ActionsBody([.. orders.SelectMany(order => Actions.Select(action => new ActionBody(order.Id, action)))]);
        var answer = await api.Post("/v1/fulfillment-orders/batch", body, Wire.Default.ActionsBody, Wire.Default.ActionResults, token);
        var ofOrder = answer.Results.ToLookup(result => result.FulfillmentOrderId);
        foreach (var order in orders)
        {
            var results = ofOrder[order.Id];
            if (results.FirstOrDefault(result => result.Outcome == "refused") is { } refused)
                End(order.OrderId, $"{refused.Code} {refused.Detail}");
            else if (results.Select(result => result.Shipment).OfType<ShipmentView>().FirstOrDefault() is { } shipment)
                HandOver(shipment);
            else
                End(order.OrderId, "was shipped without a parcel");
        }
    }

    private async Task StepByStep(FulfillmentOrderView order, CancellationToken token)
    {
        try
        {
            foreach (var action in Actions[..^1])
                await api.Post($"/v1/fulfillment-orders/{order.Id}/{action}", new(), Wire.Default.Nothing, Wire.Default.Nothing, token);
            HandOver(await api.Post($"/v1/fulfillment-orders/{order.Id}/ship", new(), Wire.Default.Nothing, Wire.Default.ShipmentView, token));
        }
        catch (Exception problem) when (problem is BenchException or HttpRequestException)
        {
            End(order.OrderId, problem.Message);
        }
    }

    private void HandOver(ShipmentView shipment)
    {
        if (flights.TryGetValue(shipment.OrderId, out var flight))
            flight.Shipped = Now;
        dock.Writer.TryWrite(shipment);
    }

    private async Task Carry(CancellationToken token)
    {
        var parcelsMax = options.Warehouse == WarehouseMode.Single ? 1 : EventsPerCall / options.Tracking.Count;
        while (await dock.Reader.WaitToReadAsync(token))
        {
            var parcels = Take(dock.Reader, parcelsMax);
            if (options.Warehouse == WarehouseMode.Batch)
                await Tell(parcels, token);
            else
                _ = Tell(parcels, token);
        }
    }

    private async Task Tell(List<ShipmentView> parcels, CancellationToken token)
    {
        var at = clock.GetUtcNow() - options.Tracking.Count * StepTime;
        var body = new TrackingBody([.. parcels.SelectMany(parcel => options.Tracking.Select((code, step) =>
            new TrackingEvent(parcel.Carrier, parcel.TrackingNumber, $"{parcel.TrackingNumber}-{code}", code, at + step * StepTime)))]);
        try
        {
            var answer = await api.Post("/v1/tracking-events", body, Wire.Default.TrackingBody, Wire.Default.TrackingResults, token);
            var refused = answer.Results.Where(result => result.Outcome != "recorded").ToLookup(result => result.TrackingNumber);
            foreach (var parcel in parcels)
                Tell(parcel, refused[parcel.TrackingNumber].FirstOrDefault());
        }
        catch (Exception problem) when (problem is BenchException or HttpRequestException)
        {
            parcels.ForEach(parcel => End(parcel.OrderId, problem.Message));
        }
    }

    private void Tell(ShipmentView parcel, TrackingResult? refused)
    {
        if (refused is not null)
            End(parcel.OrderId, $"tracking: {refused.Outcome} {refused.Code} {refused.Detail}");
        else if (flights.TryGetValue(parcel.OrderId, out var flight))
        {
            flight.Told = Now;
            news.Expect(parcel.OrderId);
        }
    }

    private static List<T> Take<T>(ChannelReader<T> reader, int max)
    {
        List<T> taken = [];
        while (taken.Count < max && reader.TryRead(out var one))
            taken.Add(one);
        return taken;
    }
}
