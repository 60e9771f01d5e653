using Npgsql;

namespace Oms.Bench.Load;

/// <summary>Orders that have been accepted and are not yet in fulfillment.</summary>
internal sealed class Backlog(string orderDatabase, TimeProvider clock)
{
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(250);

    public async Task<int> Count(CancellationToken token)
    {
        await using var connection = new NpgsqlConnection(orderDatabase);
        await connection.OpenAsync(token);
        await using var command = new NpgsqlCommand(
            "select count(*)::int from oms.mt_doc_fulfillmentstate where data ->> 'currentState' in ('Authorizing', 'Routing', 'Reserving')", connection);
        return (int)(await command.ExecuteScalarAsync(token))!;
    }

    /// <summary>How long it took until nothing was left, and what was left when the patience was at its end.</summary>
    public async Task<(TimeSpan Took, int Left)> Drain(TimeSpan within, CancellationToken token)
    {
        var begun = clock.GetTimestamp();
        while (true)
        {
            var left = await Count(token);
            if (left == 0 || clock.GetElapsedTime(begun) > within)
                return (clock.GetElapsedTime(begun), left);
            await Task.Delay(Beat, clock, token);
        }
    }
}
