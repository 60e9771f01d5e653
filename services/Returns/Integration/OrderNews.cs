using Marten;
using MassTransit;
using Oms.Contracts.Orders.V1;
using Oms.Contracts.Shipping.V1;
using Oms.Kernel;
using Oms.Returns.Domain;
using Oms.Returns.Features;
using Oms.ServiceDefaults;

namespace Oms.Returns.Integration;

/// <summary>A message about an order: whose it is, what it decides, and the trace it came under.</summary>
public sealed record OrderNews(Guid OrderId, Func<ReturnableOrder?, Decision<IReturnableOrderEvent>> Decide, string? TraceParent)
{
    public const string Queue = "returns-orders";
    public const int PageMax = 64;

    /// <summary>Decides a page of messages in their order and commits once, all or nothing.</summary>
    public static async Task DecideTogether(IDocumentStore store, IReadOnlyList<OrderNews> page, CancellationToken token)
    {
        await using var session = store.LightweightSession();
        session.LastModifiedBy = $"queue:{Queue}";

        // In the order of their keys: two processes that write several orders cannot wait for each other in a circle.
        var batch = session.CreateBatchQuery();
        var fetching = page.Select(news => news.OrderId).Distinct().Order()
            .ToDictionary(id => id, id => batch.Events.FetchForWriting<ReturnableOrder>(id));
        await batch.Execute(token);

        foreach (var ofOrder in page.GroupBy(news => news.OrderId))
        {
            var stream = await fetching[ofOrder.Key];
            var order = stream.Aggregate;
            foreach (var news in ofOrder)
            foreach (var fact in news.Decide(order))
            {
                stream.AppendOne(session.Fact(fact, news.TraceParent));
                order = ReturnableOrder.After(order, fact);
            }
        }
        await session.SaveChangesAsync(token);
    }
}

public sealed class OrderPlacedConsumer(Pages<OrderNews> pages) : IConsumer<OrderPlaced>
{
    public Task Consume(ConsumeContext<OrderPlaced> context) => pages.Add(Read(context.Message, Tracing.Current), context.CancellationToken);

    public static OrderNews Read(OrderPlaced message, string? trace)
    {
        var command = new RecordOrder(
            message.OrderId, message.Number, message.Currency,
            [.. message.Lines.Select(line => new OrderedLine(line.Line, line.Sku, line.Quantity, line.Total))], message.PlacedAt, trace, message.Channel);
        return new(message.OrderId, order => RecordOrderSlice.Decide(command, order), trace);
    }
}

public sealed class ShipmentDeliveredConsumer(Pages<OrderNews> pages) : IConsumer<ShipmentDelivered>
{
    public Task Consume(ConsumeContext<ShipmentDelivered> context) => pages.Add(Read(context.Message, Tracing.Current), context.CancellationToken);

    public static OrderNews Read(ShipmentDelivered message, string? trace)
    {
        var command = new RecordDelivery(
            message.OrderId, message.ShipmentId, [.. message.Lines.Select(line => new DeliveredLine(line.Line, line.Sku, line.Quantity))],
            message.DeliveredAt, trace);
        return new(message.OrderId, order => RecordDeliverySlice.Decide(command, order), trace);
    }
}
