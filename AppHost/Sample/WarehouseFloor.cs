using System.Collections.Concurrent;

namespace Oms.Sample;

/// <summary>
/// Plays the people of one location: takes what is to be fulfilled, oldest first, and accepts, picks, packs and ships it. Most goes through the
/// batch endpoint, some step by step, some in two parcels; a little is refused once.
/// </summary>
internal sealed class WarehouseFloor(OmsClient oms, OrderBook book, CarrierFeed carriers, SemaphoreSlim docks)
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
            var done = await Round(locationId, "open", token);
            // What was accepted and then left: by an interrupted run, or by a call that failed between two steps.
            if (round % RoundsBetweenLeftovers == 0)
                done += await Round(locationId, "in_progress", token);
            pause = done > 0 ? PauseMin : TimeSpan.FromTicks(Math.Min(PauseMax.Ticks, pause.Ticks * 3 / 2));
            if (!await Clock.PauseUnlessStopped(pause, token))
                return;
        }
    }

    private async Task<int> Round(string locationId, string status, CancellationToken token)
    {
        var (done, path) = (0, $"/v1/fulfillment-orders?locationId={locationId}&status={status}&limit={PageSize}");
        string? cursor = null;
        do
        {
            var page = await oms.Get(cursor is null ? path : $"{path}&after={Uri.EscapeDataString(cursor)}", Wire.Default.FulfillmentOrders, token)
                .Required($"The fulfillment orders of {locationId}");
            done += await Fulfill([.. page.Items.Where(IsOurs)], token);
            cursor = page.Next;
        }
        while (cursor is not null);
        return done;
    }

    // An order that the storefront has not yet heard of comes again in the next round; another's stays.
    private bool IsOurs(FulfillmentOrderView order) => book.Find(order.OrderId) is not null && !rejected.ContainsKey(order.Id) &&
        order.RequestStatus is not ("rejected" or "cancellation_requested" or "cancellation_accepted" or "closed") &&
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
            var body = new ActionsBody([.. orders.SelectMany(order => Actions.Select(action => new ActionBody(order.Id, action)))]);
            var answer = await oms.Post("/v1/fulfillment-orders/batch", body, Wire.Default.ActionsBody, Wire.Default.ActionResults, token)
                .Required("A batch of fulfillment orders");
            var shipped = 0;
            foreach (var (order, results) in orders.GroupJoin(answer.Results, order => order.Id, result => result.FulfillmentOrderId, (order, results) => (order, results)))
            {
                if (results.FirstOrDefault(result => result.Outcome == "refused") is { } refusal)
                {
                    Refused(order, new(refusal.Code, refusal.Detail));
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
        var shipments = await oms.Get($"/v1/orders/{order.OrderId}/shipments", Wire.Default.Shipments, token).Required("The shipments of an order");
        foreach (var shipment in shipments.Items)
            carriers.HandOver(shipment);
    }

    private async Task<int> StepByStep(FulfillmentOrderView order, OrderStory story, CancellationToken token)
    {
        var path = $"/v1/fulfillment-orders/{order.Id}";
        foreach (var (step, body) in new[] { ("accept", (PackBody?)null), ("pick", null), ("pack", new(WeightOf(order))) })
        {
            var answer = body is null
                ? await oms.Post($"{path}/{step}", new(), Wire.Default.Nothing, Wire.Default.FulfillmentOrderView, token, $"{step}-{order.Id}")
                : await oms.Post($"{path}/{step}", body, Wire.Default.PackBody, Wire.Default.FulfillmentOrderView, token, $"{step}-{order.Id}");
            if (answer.Problem is { } refusal)
                return Refused(order, refusal);
        }
        if (story.Fate.ShipsInTwoParcels && FirstParcel(order) is { } first && !await Ship(order, new([first]), $"ship-1-{order.Id}", token))
            return 0;
        return await Ship(order, new(null), $"ship-{order.Id}", token) ? 1 : 0;
    }

    private async Task<bool> Ship(FulfillmentOrderView order, ShipBody body, string key, CancellationToken token)
    {
        var answer = await oms.Post($"/v1/fulfillment-orders/{order.Id}/ship", body, Wire.Default.ShipBody, Wire.Default.ShipmentView, token, key);
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
    private static PiecesBody? FirstParcel(FulfillmentOrderView order)
    {
        var first = order.Lines[0];
        var pieces = order.Lines.Count > 1 ? first.Quantity : first.Quantity / 2;
        return pieces > 0 && order.Lines.All(line => line.Shipped == 0) ? new(first.Line, pieces) : null;
    }

    private async Task<int> Reject(FulfillmentOrderView order, CancellationToken token)
    {
        var answer = await oms.Post(
            $"/v1/fulfillment-orders/{order.Id}/reject", new("Not found on its shelf."), Wire.Default.ReasonBody, Wire.Default.FulfillmentOrderView, token,
            $"reject-{order.Id}");
        if (answer.Problem is { } refusal)
            return Refused(order, refusal);
        rejected[order.Id] = true;
        book.News();
        return 1;
    }

    private int Refused(FulfillmentOrderView order, Problem why)
    {
        if (!refusedAt.ContainsKey(order.Id))
            book.Note($"Location {order.LocationId} could not fulfill {book.Find(order.OrderId)!.Order.Number}: {why}");
        refusedAt[order.Id] = Clock.Mark();
        return 0;
    }
}
