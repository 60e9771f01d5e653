using Npgsql;

namespace Oms.Bench.Load;

/// <summary>What has been loaded, to ask for.</summary>
internal sealed record Loaded(List<Guid> Orders, List<Guid> Customers, List<string> Skus);

/// <summary>
/// Multiplies a few real orders: their rows are copied in bulk with new ids, numbers, channels, customers and dates. So what is stored is what the platform
/// itself would have stored. Customers have no streams, levels neither; nothing that is measured reads them.
/// </summary>
internal sealed class OrderStoreLoader(Ground ground, TimeProvider clock)
{
    private const int OrdersPerCustomer = 5;
    private const int OrdersPerSku = 10;
    private const int FewRows = 20_000;
    private const int RememberedMax = 20_000;
    private const int NumbersFrom = 1_000_000;
    private const int CanceledPerHundred = 3;
    private const double InFulfillmentShare = 0.02;
    private static readonly TimeSpan Span = TimeSpan.FromDays(730);
    private static readonly (string Channel, int Percent)[] Channels = [("online_store", 55), ("marketplace", 25), ("pos", 12), ("social", 5), ("b2b", 3)];
    private static readonly string[] ChannelOf = [.. Channels.SelectMany(it => Enumerable.Repeat(it.Channel, it.Percent))];

    private readonly Random random = new(4711);
    private int loadedOrders;
    private int loadedSkus;

    public Loaded Loaded { get; } = new([], [], []);

    public long EventsLoaded { get; private set; }

    /// <param name="samples">Real orders, some of each kind: completed, in fulfillment, canceled.</param>
    /// <param name="count">How many more there shall be.</param>
    public async Task<TimeSpan> Load(Templates samples, int count, CancellationToken token)
    {
        var begun = clock.GetTimestamp();
        if (count > FewRows)
            foreach (var table in samples.Tables)
                await table.DropIndexes(token);
        await LoadOrders(samples, count, token);
        await LoadLevels(samples, Math.Max(1, count / OrdersPerSku), token);
        foreach (var table in samples.Tables)
            await table.Settle(token);
        return clock.GetElapsedTime(begun);
    }

    private async Task LoadOrders(Templates samples, int count, CancellationToken token)
    {
        var writers = new Dictionary<BulkTable, PgCopy.Writer>();
        try
        {
            foreach (var table in samples.OrderTables)
                writers[table] = await PgCopy.Writer.Open(table.ConnectionString, table.Name, token);
            var (from, sequence) = (clock.GetUtcNow() - Span, await samples.NextSequence(token));
            var customer = Guid.Empty;
            for (var order = 0; order < count; order++)
            {
                var isFirstOfCustomer = order % OrdersPerCustomer == 0;
                customer = isFirstOfCustomer ? NewId() : customer;
                var isRecent = order > count * (1 - InFulfillmentShare);
                var sample = samples.Of(isRecent ? "in_fulfillment" : random.Next(100) < CanceledPerHundred ? "canceled" : "completed", order);
                var copy = Copy(sample, customer, from + Span * ((order + random.NextDouble()) / count));
                copy.Sequence = sequence;
                foreach (var (table, rows) in sample.Rows)
                {
                    if (table == samples.Customers && !isFirstOfCustomer)
                        continue;
                    foreach (var row in rows)
                        row.Write(writers[table], copy);
                    await writers[table].FlushIfFull(token);
                }
                sequence = copy.Sequence;
                Remember(copy, customer, isFirstOfCustomer);
            }
            foreach (var writer in writers.Values)
                await writer.Complete(token);
            EventsLoaded += writers[samples.Events].Rows;
            await samples.SetSequence(sequence, token);
        }
        finally
        {
            foreach (var writer in writers.Values)
                await writer.DisposeAsync();
        }
    }

    private Copied Copy(SampleOrder sample, Guid customer, DateTimeOffset placedAt)
    {
        var copy = sample.Copy;
        foreach (var id in copy.Ids)
            random.NextBytes(id);
        customer.TryWriteBytes(copy.Ids[sample.CustomerIndex], bigEndian: true, out _);
        copy.PlacedAt = placedAt;
        var number = NumbersFrom + loadedOrders++;
        var channel = ChannelOf[random.Next(ChannelOf.Length)];
        copy.Texts[sample.Number] = $"\"#{number}\"";
        copy.Texts[sample.Channel] = $"\"channel\": \"{channel}\"";
        copy.Texts[sample.Channels] = $"\"channels\": [\"{channel}\"]";
        copy.Texts[sample.ChannelOrderNumber] = $"\"L-{number}\"";
        copy.Texts[sample.Email] = $"loaded{number / OrdersPerCustomer}@customers.example";
        return copy;
    }

    private async Task LoadLevels(Templates samples, int skus, CancellationToken token)
    {
        foreach (var (table, rows) in samples.Stock)
        {
            await using var writer = await PgCopy.Writer.Open(table.ConnectionString, table.Name, token);
            for (var sku = 0; sku < skus; sku++)
            {
                samples.StockCopy.PlacedAt = clock.GetUtcNow() - Span * random.NextDouble();
                samples.StockCopy.Texts[Templates.SampleSku] = $"LOAD-{loadedSkus + sku:0000000}";
                foreach (var row in rows)
                    row.Write(writer, samples.StockCopy);
                await writer.FlushIfFull(token);
            }
            await writer.Complete(token);
        }
        for (var sku = 0; sku < skus && Loaded.Skus.Count < RememberedMax; sku++)
            Loaded.Skus.Add($"LOAD-{loadedSkus + sku:0000000}");
        loadedSkus += skus;
    }

    // Any of them may be asked for, but not all of a million need to be known.
    private void Remember(Copied copy, Guid customer, bool isFirstOfCustomer)
    {
        var order = new Guid(copy.Ids[0], bigEndian: true);
        if (Loaded.Orders.Count < RememberedMax)
            Loaded.Orders.Add(order);
        else if (random.Next(loadedOrders) < RememberedMax)
            Loaded.Orders[random.Next(RememberedMax)] = order;
        if (!isFirstOfCustomer)
            return;
        if (Loaded.Customers.Count < RememberedMax)
            Loaded.Customers.Add(customer);
        else if (random.Next(loadedOrders / OrdersPerCustomer) < RememberedMax)
            Loaded.Customers[random.Next(RememberedMax)] = customer;
    }

    private Guid NewId()
    {
        Span<byte> bytes = stackalloc byte[16];
        random.NextBytes(bytes);
        return new(bytes);
    }

    public async Task<long> DatabaseBytes(CancellationToken token)
    {
        await using var connection = new NpgsqlConnection(ground.Database("orderdb"));
        await connection.OpenAsync(token);
        await using var command = new NpgsqlCommand("select sum(pg_database_size(datname))::bigint from pg_database", connection);
        return (long)(await command.ExecuteScalarAsync(token))!;
    }
}
