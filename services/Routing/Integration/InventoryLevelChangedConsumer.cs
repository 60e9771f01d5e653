using MassTransit;
using Oms.Contracts.Inventory.V1;
using Oms.ServiceDefaults;

namespace Oms.Routing.Integration;

public sealed class InventoryLevelChangedConsumer(Pages<InventoryLevelChanged> pages) : IConsumer<InventoryLevelChanged>
{
    /// <summary>A page is one statement over two columns: it may be larger than a page of decisions.</summary>
    public const int PageMax = 128;

    public Task Consume(ConsumeContext<InventoryLevelChanged> context) => pages.Add(context.Message, context.CancellationToken);
}
