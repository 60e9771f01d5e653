using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Oms.Contracts.Orders.V1;
using Oms.Contracts.Shipping.V1;

namespace Oms.Orders.Tests.Process;

/// <summary>An order and its process begin in one commit, so a message about an order that is not there is a defect of its sender: it is kept, and seen.</summary>
public sealed class UnknownOrders(OrderFixture service) : IClassFixture<OrderFixture>
{
    [Fact]
    public async Task make_messages_fault()
    {
        var order = Guid.CreateVersion7();
        object[] messages =
        [
            new ShipmentDelivered(Guid.CreateVersion7(), Guid.CreateVersion7(), order, [], Given.Noon),
            new RefundReturn(Guid.CreateVersion7(), order, [], "too small", Given.Noon),
            new AuthorizePayment(Guid.CreateVersion7(), order, 1m, "USD", "tok_visa"),
        ];
        var bus = service.Services.GetRequiredService<IBus>();
        await Task.WhenAll(messages.Select(message => bus.Publish(message, message.GetType())));
        await service.Messages.Hear<Fault<ShipmentDelivered>>(fault => fault.Message.OrderId == order);
        await service.Messages.Hear<Fault<RefundReturn>>(fault => fault.Message.OrderId == order);
        await service.Messages.Hear<Fault<AuthorizePayment>>(fault => fault.Message.OrderId == order);
        (await service.Facts(order)).ShouldBeEmpty();
    }
}
