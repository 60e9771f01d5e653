using MassTransit;
using Oms.Contracts.Shipping.V1;
using Oms.Inventory.Domain;
using Oms.ServiceDefaults;
using Features = Oms.Inventory.Features;
using V1 = Oms.Contracts.Inventory.V1;

namespace Oms.Inventory.Integration;

/// <summary>Everything others ask of stock, and the parcels that leave: all of it joins the pages, each message with its own fate and under its own trace.</summary>
public sealed class StockConsumer(Pages<IStockCommand> pages, TimeProvider clock) :
    IConsumer<V1.ReserveStock>, IConsumer<V1.ReleaseStock>, IConsumer<ShipmentDispatched>,
    IConsumer<V1.RestockReturn>, IConsumer<V1.QueueBackorder>, IConsumer<V1.CancelBackorder>
{
    public Task Consume(ConsumeContext<V1.ReserveStock> context) => Add(context, new Features.ReserveStock(
        context.Message.ReservationId, context.Message.OrderId, Lines(context.Message.Lines), clock.GetUtcNow(), Tracing.Current));

    public Task Consume(ConsumeContext<V1.ReleaseStock> context) => Add(context, new Features.ReleaseStock(
        context.Message.ReleaseId, context.Message.ReservationId, context.Message.OrderId, context.Message.Lines is { } lines ? Lines(lines) : null,
        context.Message.Reason, clock.GetUtcNow(), Tracing.Current));

    public Task Consume(ConsumeContext<ShipmentDispatched> context) => Add(context, new Features.ConsumeStock(
        context.Message.ShipmentId, context.Message.ReservationId, context.Message.OrderId,
        [.. context.Message.Lines.Select(line => new StockLine(line.Line, line.Sku, context.Message.LocationId, line.Quantity))],
        clock.GetUtcNow(), Tracing.Current));

    public Task Consume(ConsumeContext<V1.RestockReturn> context) => Add(context, new Features.RestockReturn(
        context.Message.ReturnId, context.Message.OrderId, context.Message.LocationId,
        [.. context.Message.Lines.Select(line => new RestockLine(line.Line, line.Sku, line.Quantity, StockWords.State(line.State)
            ?? throw new ArgumentException($"Return {context.Message.ReturnId} restocks to {line.State}, which is no state of stock.", nameof(context))))],
        clock.GetUtcNow(), Tracing.Current));

    public Task Consume(ConsumeContext<V1.QueueBackorder> context) => Add(context, new Features.QueueBackorder(
        context.Message.BackorderId, context.Message.OrderId, context.Message.Attempt,
        [.. context.Message.Lines.Select(line => new BackorderLine(line.Line, line.Sku, line.Quantity))],
        context.Message.OrderPlacedAt, clock.GetUtcNow(), Tracing.Current));

    public Task Consume(ConsumeContext<V1.CancelBackorder> context) => Add(context, new Features.CancelBackorder(
        context.Message.BackorderId, context.Message.OrderId, clock.GetUtcNow(), Tracing.Current));

    private Task Add<TMessage>(ConsumeContext<TMessage> context, IStockCommand command) where TMessage : class => pages.Add(command, context.CancellationToken);

    private static List<StockLine> Lines(IReadOnlyList<V1.StockLine> lines) =>
        [.. lines.Select(line => new StockLine(line.Line, line.Sku, line.LocationId, line.Quantity))];
}
