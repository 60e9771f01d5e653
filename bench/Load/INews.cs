namespace Oms.Bench.Load;

/// <summary>How a warehouse hears that there is work, and a channel that an order is done.</summary>
internal interface INews : IAsyncDisposable
{
    Action<FulfillmentOrderView> Created { get; set; }

    Action<Guid> Completed { get; set; }

    /// <summary>Told that an order should be completed soon.</summary>
    void Expect(Guid orderId);

    /// <summary>Works until it is stopped.</summary>
    Task Work(CancellationToken token);
}
