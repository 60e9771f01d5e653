using Oms.Client;

namespace Oms.Sample;

/// <summary>
/// Sends the orders one by one (POST /v1/orders), several at once. No Idempotency-Key: an order is known by its channel and number,
/// so one that is sent again, today or next week, is answered with what is there.
/// </summary>
internal sealed class Storefront(PatientClient oms, OrderBook book, OrderWatch watch, Latencies latencies)
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
            var now = await oms.Api.GetOrderAsync(story.Id, token).Required($"Order {story.Order.Number}");
            foreach (var hold in now.Holds)
                await oms.Ask(api => api.ReleaseHoldAsync(story.Id, hold.Reason, cancellationToken: token));
        }
    }

    private async Task Place(OrderStory story, CancellationToken token)
    {
        var begun = Clock.Mark();
        var answer = await oms.Ask(api => api.PlaceOrderAsync(BodyOf(story.Order), cancellationToken: token));
        latencies.Add(Clock.Since(begun));
        if (answer.Body is not { } placed)
        {
            story.Refusal = answer.Problem;
            return;
        }
        story.IsDuplicate = answer.Course is { Status: System.Net.HttpStatusCode.OK, IsRepeated: false };
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
        var answer = await oms.Ask(api => api.CancelOrderAsync(
            story.Id, new() { Reason = "customer" }, $"cancel-{story.Order.Number}", cancellationToken: token));
        if (answer.IsRefused && !story.IsDuplicate)
            book.Note($"Order {story.Order.Number} was not canceled: {answer.Problem.Text()}");
    }

    private async Task Hold(OrderStory story, CancellationToken token)
    {
        var answer = await oms.Ask(api => api.HoldOrderAsync(
            story.Id, new() { Reason = "fraud_review", Note = "Drawn for review by the sample run." }, $"hold-{story.Order.Number}", cancellationToken: token));
        if (answer.IsRefused)
            book.Note($"Order {story.Order.Number} was not held: {answer.Problem.Text()}");
    }

    private static OrderBody BodyOf(SampleOrder order) => new()
    {
        Channel = order.Channel,
        ChannelOrderNumber = order.Number,
        PlacedAt = order.PlacedAt,
        Customer = new() { Email = order.CustomerEmail, Name = order.CustomerName },
        ShipTo = new()
        {
            Name = order.CustomerName, Line1 = "General Delivery", City = order.City, Region = order.State, PostalCode = order.PostalCode, Country = SampleOrder.Country,
        },
        Currency = SampleOrder.Currency,
        ServiceLevel = order.ServiceLevel,
        Lines =
        [
            .. order.Lines.Select(line => new OrderLineBody
            {
                Sku = line.Sku, Name = line.Name, Quantity = line.Quantity, UnitPrice = line.Price.UnitPrice, Discount = line.Price.Discount,
            }),
        ],
    };
}
