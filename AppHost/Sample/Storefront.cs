namespace Oms.Sample;

/// <summary>
/// Sends the orders one by one (POST /v1/orders), several at once. No Idempotency-Key: an order is known by its channel and number,
/// so one that is sent again, today or next week, is answered with what is there.
/// </summary>
internal sealed class Storefront(OmsClient oms, OrderBook book, OrderWatch watch, Latencies latencies)
{
    public const int InFlightMax = 16;
    private static readonly TimeSpan ReviewTime = TimeSpan.FromSeconds(2);

    /// <param name="afterwards">Told after each order.</param>
    public async Task Place(IEnumerable<OrderStory> stories, Action afterwards, CancellationToken token)
    {
        book.Sending();
        await Parallel.ForEachAsync(
            stories, new ParallelOptions { MaxDegreeOfParallelism = InFlightMax, CancellationToken = token },
            async (story, stop) =>
            {
                await Place(story, stop);
                afterwards();
            });
    }

    /// <summary>The review of what is held, by this run, by the platform's idea of risk or by a run that was interrupted: everything is let go.</summary>
    public async Task ReviewHolds(CancellationToken token)
    {
        await Clock.Pause(ReviewTime, token);
        foreach (var story in book.Stories.Where(story => !story.IsSettled && (story.Fate.IsHeld || story.Latest?.Holds is [_, ..])))
        {
            var now = await oms.Get($"/v1/orders/{story.Id}", Wire.Default.OrderView, token).Required($"Order {story.Order.Number}");
            foreach (var hold in now.Holds ?? [])
                await oms.Delete($"/v1/orders/{story.Id}/holds/{Uri.EscapeDataString(hold.Reason)}", Wire.Default.OrderView, token);
        }
    }

    private async Task Place(OrderStory story, CancellationToken token)
    {
        var begun = Clock.Mark();
        var answer = await oms.Post("/v1/orders", BodyOf(story.Order), Wire.Default.OrderBody, Wire.Default.OrderView, token);
        latencies.Add(Clock.Since(begun));
        if (answer.Body is not { } placed)
        {
            story.Refusal = answer.Problem;
            return;
        }
        story.IsDuplicate = answer is { Status: System.Net.HttpStatusCode.OK, IsRepeated: false };
        book.PlacedAs(story, placed);
        if (story.Fate.IsCanceled)
            await Cancel(story, token);
        else if (story.Fate.IsHeld && !story.IsDuplicate)
            await Hold(story, token);
        if (story.IsDuplicate || story.Fate.IsCanceled)
            watch.LookSoon(story);
    }

    // Too late is a fine answer too: then the order goes on like any other.
    private async Task Cancel(OrderStory story, CancellationToken token)
    {
        var answer = await oms.Post(
            $"/v1/orders/{story.Id}/cancellation", new("customer"), Wire.Default.ReasonBody, Wire.Default.OrderView, token, $"cancel-{story.Order.Number}");
        if (answer.IsRefused && !story.IsDuplicate)
            book.Note($"Order {story.Order.Number} was not canceled: {answer.Problem}");
    }

    private async Task Hold(OrderStory story, CancellationToken token)
    {
        var answer = await oms.Post(
            $"/v1/orders/{story.Id}/holds", new("fraud_review", "Drawn for review by the sample run."), Wire.Default.HoldBody, Wire.Default.OrderView, token,
            $"hold-{story.Order.Number}");
        if (answer.IsRefused)
            book.Note($"Order {story.Order.Number} was not held: {answer.Problem}");
    }

    private static OrderBody BodyOf(SampleOrder order) => new(
        order.Channel, order.Number, order.PlacedAt, new(order.CustomerEmail, order.CustomerName),
        new(order.CustomerName, "General Delivery", order.City, order.State, order.PostalCode, SampleOrder.Country), SampleOrder.Currency, order.ServiceLevel,
        [.. order.Lines.Select(line => new OrderLineBody(line.Sku, line.Name, line.Quantity, line.Price.UnitPrice, line.Price.Discount))]);
}
