using System.Net.Http.Headers;
using System.Text.Json;
using Oms.Bench.Load;
using Oms.Bench.Measuring;

namespace Oms.Bench.Scenarios;

/// <summary>One NDJSON document with many orders, answered line by line.</summary>
internal sealed class Import : IScenario
{
    private const int OrdersDefault = 50_000;
    private const int WarmUpRows = 500;
    private static readonly MediaTypeHeaderValue NdJson = new("application/x-ndjson");

    public string Name => "import";

    public async Task Run(BenchRun run, CancellationToken token)
    {
        var shop = await run.Open(token);
        var (ground, orders) = (run.Ground, run.Options.Orders ?? OrdersDefault);
        await Send(ground.Api, Rows(shop, WarmUpRows), token);
        var rows = Rows(shop, orders);
        run.Report.Say($"Importing {orders} orders, {rows.Length / 1024 / 1024} MB, after {WarmUpRows} to warm up …");
        var before = ground.Processes.Times();
        var begun = run.Clock.GetTimestamp();
        var (created, problem) = await Send(ground.Api, rows, token);
        var took = run.Clock.GetElapsedTime(begun);
        var cost = Cost.Between(before, ground.Processes.Times());
        var rss = ground.Processes.MemoryMb();
        var point = new Point(
            Name, 1, Rounded.Of(created / took.TotalSeconds), null, null, null, null, null, cost.PerOperation(created), cost.PerOperationOf(created), rss,
                null, orders - created)
        {
            More = new() { ["rows"] = orders, ["seconds"] = Rounded.Of(took.TotalSeconds) },
        };
        if (ground.Database("orderdb") is { } database)
        {
            var backlog = new Backlog(database, run.Clock);
            point.More["backlog"] = await backlog.Count(token);
            if (run.Options.Drain)
            {
                var (drained, left) = await backlog.Drain(run.Options.DrainMax, token);
                (point.More["drainSeconds"], point.More["backlogLeft"]) = (Rounded.Of(drained.TotalSeconds), left);
            }
        }
        run.Report.Add(point, problem);
    }

    private static async Task<(int Created, string? Problem)> Send(Api api, ReadOnlyMemory<byte> rows, CancellationToken token)
    {
        using var response = await api.Send(HttpMethod.Post, "/v1/orders/import", rows, NdJson, token);
        Parts.Demand(response.IsSuccessStatusCode, $"The import was answered with {(int)response.StatusCode}.");
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(token));
        var (created, problem) = (0, (string?)null);
        while (await reader.ReadLineAsync(token) is { Length: > 0 } line)
        {
            if (JsonSerializer.Deserialize(line, Wire.Default.ImportedRow) is { Outcome: "created" })
                created++;
            else
                problem ??= line;
        }
        return (created, problem);
    }

    private static byte[] Rows(Shop shop, int count)
    {
        using var rows = new MemoryStream();
        for (var row = 0; row < count; row++)
        {
            rows.Write(shop.Next().Body.Span);
            rows.WriteByte((byte)'\n');
        }
        return rows.ToArray();
    }
}
