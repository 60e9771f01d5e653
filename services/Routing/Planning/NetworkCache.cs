using Marten;
using Npgsql;
using Oms.Routing.Domain;

namespace Oms.Routing.Planning;

/// <summary>
/// The network as it was read last. Each page reads one number with its other data, and the documents only when that has moved: a
/// location that was changed, here or in another process, counts from the next page on.
/// </summary>
/// <remarks>Used by the one page that is decided at a time.</remarks>
internal sealed class NetworkCache(IDocumentStore store)
{
    private (long Stamp, Network Network)? cached;

    /// <summary>Versions only grow and nothing is ever deleted, so any change moves the sum.</summary>
    public NpgsqlBatchCommand Stamp()
    {
        Type[] documents = [typeof(Location), typeof(Market), typeof(RoutingStrategy)];
        var sums = documents.Select(it => $"(select coalesce(sum(mt_version), 0) from {store.Options.FindOrResolveDocumentType(it).TableName.QualifiedName})");
        return new($"select ({string.Join(" + ", sums)})::bigint");
    }

    public async Task<Network> Get(long stamp, CancellationToken token)
    {
        if (cached is { } known && known.Stamp == stamp)
            return known.Network;

        await using var session = store.QuerySession();
        var batch = session.CreateBatchQuery();
        var locations = batch.Query<Location>().ToList();
        var markets = batch.Query<Market>().ToList();
        var strategy = batch.Load<RoutingStrategy>(RoutingStrategy.Key);
        await batch.Execute(token);
        var network = new Network(await locations, await markets, await strategy ?? RoutingStrategy.Default);
        // Read after the stamp: at worst it is newer, and is read once more.
        cached = (stamp, network);
        return network;
    }
}
