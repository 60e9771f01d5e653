using Npgsql;
using Oms.ServiceDefaults;
using Weasel.Postgresql;

namespace Oms.Orders.Features;

/// <summary>Numbers for people: they grow, and no two orders have the same. Each process takes a block at a time, so gaps are normal.</summary>
public sealed class OrderNumbers(NpgsqlDataSource database) : IDisposable
{
    private const int First = 1001;
    private const int BlockSize = 50;

    private readonly SemaphoreSlim gate = new(1, 1);
    private long next;
    private long end;

    public static Sequence Blocks() => new(new PostgresqlObjectName(EventStore.Schema, "order_number_block", SchemaUtils.IdentifierUsage.General), 1);

    public async Task<long> Next(CancellationToken token)
    {
        await gate.WaitAsync(token);
        try
        {
            if (next == end)
            {
                await using var command = database.CreateCommand($"select nextval('{EventStore.Schema}.order_number_block')");
                next = First + ((long)(await command.ExecuteScalarAsync(token))! - 1) * BlockSize;
                end = next + BlockSize;
            }
            return next++;
        }
        finally
        {
            gate.Release();
        }
    }

    public void Dispose() => gate.Dispose();
}
