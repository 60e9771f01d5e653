using System.Collections.Concurrent;

namespace Oms.Bench.Load;

/// <summary>Looks again and again, where the broker is not known: lists of what is open, and the orders that should be done by now.</summary>
internal sealed class PollingFeed(Api api, TimeProvider clock) : INews
{
    private const int LooksAtOnce = 8;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(25);
    private readonly ConcurrentQueue<Guid> expected = new();

    public Action<FulfillmentOrderView> Created { get; set; } = _ => { };

    public Action<Guid> Completed { get; set; } = _ => { };

    public void Expect(Guid orderId) => expected.Enqueue(orderId);

    public async Task Work(CancellationToken token)
    {
        while (true)
        {
            var page = await api.Get("/v1/fulfillment-orders?status=open&limit=100", Wire.Default.FulfillmentOrders, token);
            page.Items.ForEach(Created);
            for (var looks = 0; looks < LooksAtOnce && expected.TryDequeue(out var id); looks++)
            {
                if ((await api.Get($"/v1/orders/{id}", Wire.Default.OrderView, token)).Status == "completed")
                    Completed(id);
                else
                    expected.Enqueue(id);
            }
            await Task.Delay(Pause, clock, token);
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
