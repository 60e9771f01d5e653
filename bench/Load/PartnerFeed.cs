using System.Text.Json;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace Oms.Bench.Load;

/// <summary>Hears what the platform publishes, as a partner does: over a queue of its own at the broker. Nothing is polled.</summary>
internal sealed class PartnerFeed : INews
{
    private const string CreatedExchange = "Oms.Contracts.Shipping.V1:FulfillmentOrderCreated";
    private const string CompletedExchange = "Oms.Contracts.Orders.V1:OrderCompleted";

    private readonly IConnection connection;
    private readonly IChannel channel;

    private PartnerFeed(IConnection opened, IChannel own) => (connection, channel) = (opened, own);

    public Action<FulfillmentOrderView> Created { get; set; } = _ => { };

    public Action<Guid> Completed { get; set; } = _ => { };

    public static async Task<PartnerFeed> Open(Uri broker, CancellationToken token)
    {
        var opened = await new ConnectionFactory { Uri = broker }.CreateConnectionAsync(token);
        var own = await opened.CreateChannelAsync(cancellationToken: token);
        var queue = await own.QueueDeclareAsync(cancellationToken: token);
        foreach (var exchange in new[] { CreatedExchange, CompletedExchange })
        {
            await own.ExchangeDeclareAsync(exchange, ExchangeType.Fanout, durable: true, cancellationToken: token);
            await own.QueueBindAsync(queue.QueueName, exchange, routingKey: "", cancellationToken: token);
        }
        var feed = new PartnerFeed(opened, own);
        var consumer = new AsyncEventingBasicConsumer(own);
        consumer.ReceivedAsync += feed.Hear;
        await own.BasicConsumeAsync(queue.QueueName, autoAck: true, consumer, token);
        return feed;
    }

    public void Expect(Guid orderId)
    {
    }

    public Task Work(CancellationToken token) => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token);

    public async ValueTask DisposeAsync()
    {
        await channel.DisposeAsync();
        await connection.DisposeAsync();
    }

    private Task Hear(object sender, BasicDeliverEventArgs message)
    {
        if (message.Exchange == CreatedExchange)
        {
            var created = JsonSerializer.Deserialize(message.Body.Span, Wire.Default.FulfillmentOrderCreated)!.Message;
            Created(new(created.FulfillmentOrderId, created.OrderId, created.LocationId));
        }
        else
            Completed(JsonSerializer.Deserialize(message.Body.Span, Wire.Default.OrderCompleted)!.Message.OrderId);
        return Task.CompletedTask;
    }
}
