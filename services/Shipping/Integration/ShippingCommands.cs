using Marten;
using MassTransit;
using Oms.Contracts.Shipping.V1;
using Oms.Kernel;
using Oms.ServiceDefaults;
using Oms.Shipping.Domain;
using Oms.Shipping.Features;

namespace Oms.Shipping.Integration;

/// <summary>What a message asks of each fulfillment order it names, and the trace it came under.</summary>
public sealed record ShippingCommand(IReadOnlyList<ShippingCommand.Part> Parts, string? TraceParent)
{
    public const string Queue = "shipping-commands";
    public const int PageMax = 64;

    public sealed record Part(Guid FulfillmentOrderId, Func<FulfillmentOrder?, Decision<IFulfillmentOrderEvent>> Decide);

    /// <summary>Decides a page of messages in their order and commits once, all or nothing.</summary>
    public static async Task DecideTogether(IDocumentStore store, IReadOnlyList<ShippingCommand> page, CancellationToken token)
    {
        await using var session = store.LightweightSession();
        session.LastModifiedBy = $"queue:{Queue}";

        // In the order of their keys: two processes that write several of them cannot wait for each other in a circle.
        var batch = session.CreateBatchQuery();
        var fetching = page.SelectMany(command => command.Parts).Select(part => part.FulfillmentOrderId).Distinct().Order()
            .ToDictionary(id => id, id => batch.Events.FetchForWriting<FulfillmentOrder>(id));
        await batch.Execute(token);
        var now = new Dictionary<Guid, FulfillmentOrder?>();
        foreach (var (id, stream) in fetching)
            now[id] = (await stream).Aggregate;

        foreach (var command in page)
        foreach (var (id, decide) in command.Parts)
        foreach (var fact in decide(now[id]))
        {
            (await fetching[id]).AppendOne(session.Fact(fact, command.TraceParent));
            now[id] = FulfillmentOrder.After(now[id], fact);
        }
        await session.SaveChangesAsync(token);
    }
}

public sealed class CreateFulfillmentOrdersConsumer(Pages<ShippingCommand> pages, TimeProvider clock) : IConsumer<CreateFulfillmentOrders>
{
    public Task Consume(ConsumeContext<CreateFulfillmentOrders> context) =>
        pages.AddUnlessEmpty(Read(context.Message, clock.GetUtcNow(), Tracing.Current), context.CancellationToken);

    public static ShippingCommand Read(CreateFulfillmentOrders message, DateTimeOffset at, string? trace) => new(
        [.. message.FulfillmentOrders.Select(asked => Translate(message, asked, at, trace)).Select(command =>
            new ShippingCommand.Part(command.FulfillmentOrderId, it => CreateFulfillmentOrderSlice.Decide(command, it)))], trace);

    private static CreateFulfillmentOrder Translate(CreateFulfillmentOrders message, FulfillmentOrderToCreate asked, DateTimeOffset at, string? trace)
    {
        // The Order service counts pieces, so this is a bug: better seen in the _error queue than as a fulfillment order that never ends.
        if (asked.Lines.Count == 0 || asked.Lines.Any(line => line.Quantity < 1) || asked.Lines.DistinctBy(line => line.Line).Count() != asked.Lines.Count)
            throw new ArgumentException($"Fulfillment order {asked.FulfillmentOrderId} asks for no pieces, or twice for a line.", nameof(asked));
        var to = message.ShipTo;
        return new(
            asked.FulfillmentOrderId, message.OrderId, message.OrderNumber, message.Channel, message.ReservationId, asked.LocationId,
            [.. asked.Lines.Select(line => new Pieces(line.Line, line.Sku, line.Quantity))],
            new(to.Country, to.Name, to.Line1, to.City, to.Region, to.PostalCode, to.Company, to.Line2, to.Phone),
            message.ServiceLevel, asked.ShipBy, at, trace);
    }
}

public sealed class CancelFulfillmentOrdersConsumer(Pages<ShippingCommand> pages, TimeProvider clock) : IConsumer<CancelFulfillmentOrders>
{
    public Task Consume(ConsumeContext<CancelFulfillmentOrders> context) =>
        pages.AddUnlessEmpty(Read(context.Message, clock.GetUtcNow(), Tracing.Current), context.CancellationToken);

    public static ShippingCommand Read(CancelFulfillmentOrders message, DateTimeOffset at, string? trace) => new(
        [.. message.FulfillmentOrderIds.Select(id =>
            new ShippingCommand.Part(id, it => CancelFulfillmentOrderSlice.Decide(new(id, message.OrderId, message.Reason, at, trace), it)))], trace);
}

file static class ShippingPages
{
    public static Task AddUnlessEmpty(this Pages<ShippingCommand> pages, ShippingCommand command, CancellationToken token) =>
        command.Parts.Count == 0 ? Task.CompletedTask : pages.Add(command, token);
}
