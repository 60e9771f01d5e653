using Marten;
using MassTransit;
using Oms.Contracts.Routing.V1;

namespace Oms.Inventory.Integration;

/// <summary>A location that routing has told us of. Stock may be kept there whether or not it is active: what is there must be countable.</summary>
public sealed record KnownLocation(string Id, string Name, string Type, bool Active, DateTimeOffset RegisteredAt);

public sealed class LocationRegisteredConsumer(IDocumentStore store) : IConsumer<LocationRegistered>
{
    public async Task Consume(ConsumeContext<LocationRegistered> context)
    {
        var news = context.Message;
        await using var session = store.LightweightSession();
        var known = await session.LoadAsync<KnownLocation>(news.LocationId, context.CancellationToken);
        if (known?.RegisteredAt >= news.RegisteredAt)
            return;
        // The document's version protects against an older message that is consumed at the same moment.
        session.Store(new KnownLocation(news.LocationId, news.Name, news.Type, news.Active, news.RegisteredAt));
        await session.SaveChangesAsync(context.CancellationToken);
    }
}
