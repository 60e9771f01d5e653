using MassTransit;
using Oms.Contracts.Orders.V1;
using Oms.Customers.Domain;
using Oms.Customers.Features;
using Oms.Kernel;
using Oms.ServiceDefaults;

namespace Oms.Customers.Integration;

/// <summary>Everything about orders that says something about customers, in one queue.</summary>
public sealed class OrderConsumer(Pages<OrderNews> pages) :
    IConsumer<OrderPlaced>, IConsumer<PaymentCaptured>, IConsumer<PaymentRefunded>, IConsumer<OrderCanceled>
{
    public Task Consume(ConsumeContext<OrderPlaced> context) => pages.Add(Read(context.Message, Tracing.Current), context.CancellationToken);

    public Task Consume(ConsumeContext<PaymentCaptured> context) => pages.Add(Read(context.Message, Tracing.Current), context.CancellationToken);

    public Task Consume(ConsumeContext<PaymentRefunded> context) => pages.Add(Read(context.Message, Tracing.Current), context.CancellationToken);

    public Task Consume(ConsumeContext<OrderCanceled> context) => pages.Add(Read(context.Message, Tracing.Current), context.CancellationToken);

    public static OrderNews Read(OrderPlaced message, string? trace)
    {
        var shipTo = message.ShipTo;
        var command = new RecordOrder(
            message.OrderId, message.CustomerId, message.Number, message.Channel, Email.Normalize(message.CustomerEmail), message.CustomerName,
            new Location(shipTo.Country, shipTo.Region, shipTo.City, shipTo.PostalCode), new Money(message.Total, message.Currency), message.PlacedAt);
        return new(message.OrderId, message.CustomerId, order => RecordOrderSlice.Decide(command, order), trace);
    }

    public static OrderNews Read(PaymentCaptured message, string? trace)
    {
        var command = new RecordCapture(
            message.OrderId, message.CustomerId, message.TransactionId, new Money(message.Amount, message.Currency), message.CapturedAt);
        return new(message.OrderId, message.CustomerId, order => RecordPaymentSlice.Decide(command, order), trace);
    }

    public static OrderNews Read(PaymentRefunded message, string? trace)
    {
        var command = new RecordRefund(
            message.OrderId, message.CustomerId, message.TransactionId, new Money(message.Amount, message.Currency), message.RefundedAt);
        return new(message.OrderId, message.CustomerId, order => RecordPaymentSlice.Decide(command, order), trace);
    }

    public static OrderNews Read(OrderCanceled message, string? trace)
    {
        var command = new RecordCancellation(message.OrderId, message.CustomerId, message.CanceledAt);
        return new(message.OrderId, message.CustomerId, order => RecordCancellationSlice.Decide(command, order), trace);
    }
}
