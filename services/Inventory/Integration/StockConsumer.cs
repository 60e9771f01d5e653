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
    public Task Consume(ConsumeContext<V1.ReserveStock> context) => Add(context, Read(context.Message, clock.GetUtcNow(), Tracing.Current));

    public Task Consume(ConsumeContext<V1.ReleaseStock> context) => Add(context, Read(context.Message, clock.GetUtcNow(), Tracing.Current));

    public Task Consume(ConsumeContext<ShipmentDispatched> context) => Add(context, Read(context.Message, clock.GetUtcNow(), Tracing.Current));

    public Task Consume(ConsumeContext<V1.RestockReturn> context) => Add(context, Read(context.Message, clock.GetUtcNow(), Tracing.Current));

    public Task Consume(ConsumeContext<V1.QueueBackorder> context) => Add(context, Read(context.Message, clock.GetUtcNow(), Tracing.Current));

    public Task Consume(ConsumeContext<V1.CancelBackorder> context) => Add(context, Read(context.Message, clock.GetUtcNow(), Tracing.Current));

    public static IStockCommand Read(V1.ReserveStock asked, DateTimeOffset at, string? trace) =>
        new Features.ReserveStock(asked.ReservationId, asked.OrderId, Lines(asked.Lines), at, trace);

    public static IStockCommand Read(V1.ReleaseStock asked, DateTimeOffset at, string? trace) => new Features.ReleaseStock(
        asked.ReleaseId, asked.ReservationId, asked.OrderId, asked.Lines is { } lines ? Lines(lines) : null, asked.Reason, at, trace);

    public static IStockCommand Read(ShipmentDispatched parcel, DateTimeOffset at, string? trace) => new Features.ConsumeStock(
        parcel.ShipmentId, parcel.ReservationId, parcel.OrderId,
        [.. parcel.Lines.Select(line => new StockLine(line.Line, line.Sku, parcel.LocationId, line.Quantity))], at, trace);

    public static IStockCommand Read(V1.RestockReturn asked, DateTimeOffset at, string? trace) => new Features.RestockReturn(
        asked.ReturnId, asked.OrderId, asked.LocationId,
        [.. asked.Lines.Select(line => new RestockLine(line.Line, line.Sku, line.Quantity, StockWords.State(line.State)
            ?? throw new ArgumentException($"Return {asked.ReturnId} restocks to {line.State}, which is no state of stock.", nameof(asked))))],
        at, trace);

    public static IStockCommand Read(V1.QueueBackorder asked, DateTimeOffset at, string? trace) => new Features.QueueBackorder(
        asked.BackorderId, asked.OrderId, asked.Attempt, [.. asked.Lines.Select(line => new BackorderLine(line.Line, line.Sku, line.Quantity))],
        asked.OrderPlacedAt, at, trace);

    public static IStockCommand Read(V1.CancelBackorder asked, DateTimeOffset at, string? trace) =>
        new Features.CancelBackorder(asked.BackorderId, asked.OrderId, at, trace);

    private Task Add<TMessage>(ConsumeContext<TMessage> context, IStockCommand command) where TMessage : class => pages.Add(command, context.CancellationToken);

    private static List<StockLine> Lines(IReadOnlyList<V1.StockLine> lines) =>
        [.. lines.Select(line => new StockLine(line.Line, line.Sku, line.LocationId, line.Quantity))];
}
