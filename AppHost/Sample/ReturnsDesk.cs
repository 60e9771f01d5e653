using Oms.Client;

namespace Oms.Sample;

/// <summary>What a customer sends back: pieces of one line, and what becomes of each part of them.</summary>
internal sealed record ReturnPlan(int Line, int Quantity, string Reason, IReadOnlyList<ReceiveReturnBodyLine> Received)
{
    private static readonly string[] Reasons = ["size_too_small", "changed_mind", "defective", "not_as_described"];
    private static readonly string[] Dispositions = ["restocked", "not_restocked", "damaged", "quality_control"];

    /// <summary>The same order sends the same back.</summary>
    public static ReturnPlan Of(SampleOrder order)
    {
        var line = Lot.Draw("return-line", order.Number, order.Lines.Length);
        var quantity = 1 + Lot.Draw("return-quantity", order.Number, order.Lines[line].Quantity);
        var disposition = Lot.Draw("return-disposition", order.Number, Dispositions.Length);
        var first = (quantity + 1) / 2;
        var (one, other) = (Dispositions[disposition], Dispositions[(disposition + 1) % Dispositions.Length]);
        IReadOnlyList<ReceiveReturnBodyLine> received = quantity > first
            ? [Part(first, one), Part(quantity - first, other)]
            : [Part(first, one)];
        return new(line + 1, quantity, Reasons[Lot.Draw("return-reason", order.Number, Reasons.Length)], received);

        ReceiveReturnBodyLine Part(int pieces, string becomes) => new() { Line = line + 1, Quantity = pieces, Disposition = becomes };
    }

    /// <summary>How many pieces come back into the stock, for sale or not.</summary>
    public int Restocked => Received.Where(it => it.Disposition != "not_restocked").Sum(it => it.Quantity);
}

/// <summary>Takes lines back: request, approve, receive, and wait until they are refunded.</summary>
internal sealed class ReturnsDesk(PatientClient oms, OrderBook book, SemaphoreSlim desks)
{
    /// <summary>Before the watch closes the day, so that it is said what was missing.</summary>
    private const int SilentSecondsMax = OrderWatch.StuckSecondsMax * 3 / 4;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    // As long as anything happens, its turn may come: what was sold in a rush is worked off in order.
    private bool IsLost => book.Silence.TotalSeconds > SilentSecondsMax;

    /// <summary>Ends when the return is closed; the story then knows what was paid back.</summary>
    public async Task Take(OrderStory story, CancellationToken token)
    {
        await desks.WaitAsync(token);
        try
        {
            var plan = ReturnPlan.Of(story.Order);
            // Not heard of yet is the same as none.
            var known = (await oms.Ask(api => api.ListReturnsOfOrderAsync(story.Id, cancellationToken: token))).Body?.Items;
            if ((known is [var first, ..] ? first : await Request(story, plan, token)) is { } requested && await Settle(requested, plan, token) is { } settled)
            {
                story.Refunded = settled.Refund.Amount;
                book.News();
            }
        }
        finally
        {
            desks.Release();
        }
    }

    private async Task<ReturnView?> Request(OrderStory story, ReturnPlan plan, CancellationToken token)
    {
        var body = new RequestReturnBody { OrderId = story.Id, Reason = plan.Reason, Lines = [new() { Line = plan.Line, Quantity = plan.Quantity }] };
        while (true)
        {
            var answer = await oms.Ask(api => api.RequestReturnAsync(body, $"return-{story.Order.Number}", cancellationToken: token));
            if (answer.Body is { } requested)
                return requested;
            // The Returns service hears of the delivery a moment later than the one who asks.
            if (answer.Problem!.Code is not ("not-delivered" or "return-quantity-too-large" or "order-not-found" or "unknown-line") || IsLost)
            {
                book.Note($"Order {story.Order.Number} could not be returned: {answer.Problem.Text()}");
                return null;
            }
            await Clock.Pause(Pause, token);
        }
    }

    private async Task<ReturnView?> Settle(ReturnView now, ReturnPlan plan, CancellationToken token)
    {
        if (now.Status == ReturnStatus.Requested)
            now = await oms.Api.ApproveReturnAsync(now.Id, $"approve-{now.Id}", cancellationToken: token).Required($"Approving {now.Number}");
        if (now.Status == ReturnStatus.Open && now.Lines.Sum(line => line.Received) == 0)
        {
            var location = SampleLocation.All[Lot.Draw("return-location", now.OrderId.ToString(), SampleLocation.All.Length)].Id;
            now = await oms.Api.ReceiveReturnAsync(now.Id, new() { LocationId = location, Lines = plan.Received }, $"receive-{now.Id}", cancellationToken: token)
                .Required($"Receiving {now.Number}");
        }
        for (; now.Status != ReturnStatus.Closed; now = await oms.Api.GetReturnAsync(now.Id, token).Required(now.Number))
        {
            if (now.Status is ReturnStatus.Declined or ReturnStatus.Canceled || IsLost)
            {
                book.Note($"Return {now.Number} is not settled, and nothing has happened for {SilentSecondsMax} seconds: {now.Status}, refund {now.Refund.Status}");
                return null;
            }
            await Clock.Pause(Pause, token);
        }
        return now;
    }
}
