using System.Collections.Concurrent;
using Oms.Client;

namespace Oms.Sample;

/// <summary>
/// Plays the people of one location: takes what is to be fulfilled, oldest first, and accepts, picks, packs and ships it. Most goes through the
/// batch endpoint, some step by step, some in two parcels; a little is refused once.
/// </summary>
internal sealed class WarehouseFloor(PatientClient oms, OrderBook book, CarrierFeed carriers, SemaphoreSlim docks)
{
    /// <summary>25 fulfillment orders × 4 actions are the 100 actions that a batch may have.</summary>
    private const int FulfillmentOrdersPerBatch = 25;
    private const int PageSize = 100;
    private const int RoundsBetweenLeftovers = 8;
    private const int PieceWeightGrams = 400;
    private const int ParcelWeightGramsMax = 30_000;
    private static readonly string[] Actions = ["accept", "pick", "pack", "ship"];
    private static readonly TimeSpan PauseMin = TimeSpan.FromMilliseconds(400);
    private static readonly TimeSpan PauseMax = TimeSpan.FromMilliseconds(1_600);
    private static readonly TimeSpan RefusedPause = TimeSpan.FromSeconds(2);
    private readonly ConcurrentDictionary<Guid, long> refusedAt = new();
    private readonly ConcurrentDictionary<Guid, bool> rejected = new();

    public async Task Work(string locationId, CancellationToken token)
    {
        var pause = PauseMin;
        for (var round = 0; !token.IsCancellationRequested; round++)
        {
            var done = await Round(locationId, FulfillmentOrderStatus.Open, token);
            // What was accepted and then left: by an interrupted run, or by a call that failed between two steps.
            if (round % RoundsBetweenLeftovers == 0)
                done += await Round(locationId, FulfillmentOrderStatus.InProgress, token);
            pause = done > 0 ? PauseMin : TimeSpan.FromTicks(Math.Min(PauseMax.Ticks, pause.Ticks * 3 / 2));
            if (!await Clock.PauseUnlessStopped(pause, token))
                return;
        }
    }

    private async Task<int> Round(string locationId, string status, CancellationToken token)
    {
        var done = 0;
        string? cursor = null;
        do
        {
            var page = await oms.Api.ListFulfillmentOrdersAsync(locationId, status, limit: PageSize, after: cursor, cancellationToken: token)
                .Required($"The fulfillment orders of {locationId}");
            done += await Fulfill([.. page.Items.Where(IsOurs)], token);
            cursor = page.Next;
        }
        while (cursor is not null);
        return done;
    }

    // An order that the storefront has not yet heard of comes again in the next round; another's stays.
    private bool IsOurs(FulfillmentOrderView order) => book.Find(order.OrderId) is not null && !rejected.ContainsKey(order.Id) &&
        order.RequestStatus is not (RequestStatus.Rejected or RequestStatus.CancellationRequested or RequestStatus.CancellationAccepted or RequestStatus.Closed) &&
        (!refusedAt.TryGetValue(order.Id, out var at) || Clock.Since(at) > RefusedPause);

    private async Task<int> Fulfill(List<FulfillmentOrderView> orders, CancellationToken token)
    {
        var (done, inBulk) = (0, new List<FulfillmentOrderView>());
        foreach (var order in orders)
        {
            var story = book.Find(order.OrderId)!;
            if (story.TakeRejection())
                done += await Reject(order, token);
            else if (story.Fate.GoesStepByStep || story.Fate.ShipsInTwoParcels)
                done += await StepByStep(order, story, token);
            else
                inBulk.Add(order);
        }
        foreach (var chunk in inBulk.Chunk(FulfillmentOrdersPerBatch))
            done += await InBulk(chunk, token);
        return done;
    }

    private async Task<int> InBulk(FulfillmentOrderView[] orders, CancellationToken token)
    {
        await docks.WaitAsync(token);
        try
        {
            var body = new ActInBatchBody { Actions = [.. orders.SelectMany(order => Actions.Select(action => new ActInBatchActionBody { FulfillmentOrderId = order.Id, Action = action }))] };
            var answer = await oms.Api.ActOnFulfillmentOrdersAsync(body, cancellationToken: token).Required("A batch of fulfillment orders");
            var shipped = 0;
            foreach (var (order, results) in orders.GroupJoin(answer.Results, order => (Guid?)order.Id, result => result.FulfillmentOrderId, (order, results) => (order, results)))
            {
                if (results.FirstOrDefault(result => result.Outcome == ActInBatchRowOutcome.Refused) is { } refusal)
                {
                    Refused(order, new() { Code = refusal.Code!, Detail = refusal.Detail });
                    continue;
                }
                book.News();
                shipped++;
                if (results.Select(result => result.Shipment).FirstOrDefault(it => it is not null) is { } shipment)
                    carriers.HandOver(shipment);
                else
                    await HandOverAll(order, token);
            }
            return shipped;
        }
        finally
        {
            docks.Release();
        }
    }

    // Shipped by a call whose answer got lost: the parcels are asked for.
    private async Task HandOverAll(FulfillmentOrderView order, CancellationToken token)
    {
        var shipments = await oms.Api.ListShipmentsOfOrderAsync(order.OrderId, cancellationToken: token).Required("The shipments of an order");
        foreach (var shipment in shipments.Items)
            carriers.HandOver(shipment);
    }

    private async Task<int> StepByStep(FulfillmentOrderView order, OrderStory story, CancellationToken token)
    {
        Func<OmsClient, Task<FulfillmentOrderView>>[] steps =
        [
            api => api.AcceptFulfillmentOrderAsync(order.Id, $"accept-{order.Id}", cancellationToken: token),
            api => api.PickPiecesAsync(order.Id, null, $"pick-{order.Id}", cancellationToken: token),
            api => api.PackPiecesAsync(order.Id, new() { WeightGrams = WeightOf(order) }, $"pack-{order.Id}", cancellationToken: token),
        ];
        foreach (var step in steps)
        {
            if ((await oms.Ask(step)).Problem is { } refusal)
                return Refused(order, refusal);
        }
        if (story.Fate.ShipsInTwoParcels && FirstParcel(order) is { } first && !await Ship(order, new() { Lines = [first] }, $"ship-1-{order.Id}", token))
            return 0;
        return await Ship(order, new(), $"ship-{order.Id}", token) ? 1 : 0;
    }

    private async Task<bool> Ship(FulfillmentOrderView order, ShipPiecesBody body, string key, CancellationToken token)
    {
        var answer = await oms.Ask(api => api.ShipPiecesAsync(order.Id, body, key, cancellationToken: token));
        if (answer.Body is { } shipment)
        {
            book.News();
            carriers.HandOver(shipment);
            return true;
        }
        Refused(order, answer.Problem!);
        return false;
    }

    private static int WeightOf(FulfillmentOrderView order) =>
        (int)Math.Min(ParcelWeightGramsMax, PieceWeightGrams * order.Lines.Sum(line => (long)line.Quantity));

    // Half of the first line, or all of it when there are others; nothing when there is only one piece, or a parcel has left before.
    private static LineBody? FirstParcel(FulfillmentOrderView order)
    {
        var first = order.Lines[0];
        var pieces = order.Lines.Count > 1 ? first.Quantity : first.Quantity / 2;
        return pieces > 0 && order.Lines.All(line => line.Shipped == 0) ? new() { Line = first.Line, Quantity = pieces } : null;
    }

    private async Task<int> Reject(FulfillmentOrderView order, CancellationToken token)
    {
        var answer = await oms.Ask(api => api.RejectFulfillmentOrderAsync(
            order.Id, new() { Reason = "Not found on its shelf." }, $"reject-{order.Id}", cancellationToken: token));
        if (answer.Problem is { } refusal)
            return Refused(order, refusal);
        rejected[order.Id] = true;
        book.News();
        return 1;
    }

    private int Refused(FulfillmentOrderView order, Problem why)
    {
        if (!refusedAt.ContainsKey(order.Id))
            book.Note($"Location {order.LocationId} could not fulfill {book.Find(order.OrderId)!.Order.Number}: {why.Text()}");
        refusedAt[order.Id] = Clock.Mark();
        return 0;
    }
}
