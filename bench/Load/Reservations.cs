using System.Collections.Concurrent;
using System.Text.Json;
using Oms.Contracts.Inventory.V1;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace Oms.Bench.Load;

/// <summary>
/// Asks Inventory for stock as the fulfillment process does, by a command at the broker, and hears the answers over a queue of its own. The process does not
/// hear them meanwhile: they are about orders that it does not know, and it would try each several times.
/// </summary>
internal sealed class Reservations : IAsyncDisposable
{
    private const string Exchange = "Oms.Contracts.Inventory.V1:";
    private const string Process = "order-fulfillment";
    private static readonly string[] Answers = [Exchange + nameof(StockReserved), Exchange + nameof(StockReservationRejected)];
    private static readonly string[] MessageType = ["urn:message:Oms.Contracts.Inventory.V1:ReserveStock"];
    private static readonly TimeSpan AnswerMax = TimeSpan.FromSeconds(30);
    private readonly ConcurrentDictionary<Guid, TaskCompletionSource<bool>> awaited = new();
    private readonly SemaphoreSlim turn = new(1, 1);
    private readonly IConnection connection;
    private readonly IChannel channel;
    private readonly TimeProvider clock;
    private int reserved;

    private Reservations(IConnection opened, IChannel own, TimeProvider time) => (connection, channel, clock) = (opened, own, time);

    /// <summary>How often the answer was yes.</summary>
    public int Reserved => reserved;

    public static async Task<Reservations> Open(Uri broker, TimeProvider clock, CancellationToken token)
    {
        var opened = await new ConnectionFactory { Uri = broker }.CreateConnectionAsync(token);
        var own = await opened.CreateChannelAsync(cancellationToken: token);
        var queue = await own.QueueDeclareAsync(cancellationToken: token);
        foreach (var answer in Answers)
        {
            await own.QueueBindAsync(queue.QueueName, answer, routingKey: "", cancellationToken: token);
            await own.ExchangeUnbindAsync(Process, answer, routingKey: "", cancellationToken: token);
        }
        var reservations = new Reservations(opened, own, clock);
        var consumer = new AsyncEventingBasicConsumer(own);
        consumer.ReceivedAsync += reservations.Hear;
        await own.BasicConsumeAsync(queue.QueueName, autoAck: true, consumer, token);
        return reservations;
    }

    /// <summary>One piece; null when there was an answer, or what happened instead.</summary>
    public async Task<string?> Reserve(string sku, string locationId, CancellationToken token)
    {
        var id = Guid.CreateVersion7();
        var command = new ReserveStock(id, Guid.CreateVersion7(), [new(1, sku, locationId, 1)], clock.GetUtcNow());
        var body = JsonSerializer.SerializeToUtf8Bytes(new(Guid.CreateVersion7(), MessageType, command), Wire.Default.ReserveStockEnvelope);
        var answer = awaited[id] = new(TaskCreationOptions.RunContinuationsAsynchronously);
        // A channel is for one writer at a time.
        await turn.WaitAsync(token);
        try
        {
            await channel.BasicPublishAsync(
                Exchange + nameof(ReserveStock), routingKey: "", mandatory: true,
                new BasicProperties { ContentType = "application/vnd.masstransit+json", DeliveryMode = DeliveryModes.Persistent }, body, token);
        }
        finally
        {
            turn.Release();
        }
        try
        {
            if (await answer.Task.WaitAsync(AnswerMax, clock, token))
                Interlocked.Increment(ref reserved);
            return null;
        }
        catch (TimeoutException)
        {
            return $"no answer within {AnswerMax.TotalSeconds:0} s";
        }
        finally
        {
            awaited.TryRemove(id, out _);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var answer in Answers)
            await channel.ExchangeBindAsync(Process, answer, routingKey: "");
        await channel.DisposeAsync();
        await connection.DisposeAsync();
        turn.Dispose();
    }

    private Task Hear(object sender, BasicDeliverEventArgs message)
    {
        var news = JsonSerializer.Deserialize(message.Body.Span, Wire.Default.ReservationNews)!.Message;
        if (awaited.TryGetValue(news.ReservationId, out var answer))
            answer.TrySetResult(message.Exchange.EndsWith(nameof(StockReserved), StringComparison.Ordinal));
        return Task.CompletedTask;
    }
}
