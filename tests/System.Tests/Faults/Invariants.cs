using System.Diagnostics;
using System.Text.Json.Nodes;
using Npgsql;

namespace Oms.SystemTests.Faults;

/// <summary>What must be true after every fault, whatever it was: accepted is found, nothing is lost, doubled, oversold or left lying.</summary>
internal static class Invariants
{
    /// <summary>Facts that an order has once at most, however often anything was said or done again.</summary>
    private static readonly string[] Once =
    [
        "order_placed", "payment_authorized", "payment_declined", "order_shipped", "payment_captured", "order_fulfilled", "order_delivered", "order_completed",
        "order_canceled", "payment_voided",
    ];

    public static async Task Hold(FaultPlatform platform, Load load)
    {
        var started = Stopwatch.GetTimestamp();
        platform.Calm();
        await Task.WhenAll(load.Orders.Select(order => HoldsFor(load, order)));
        await Task.WhenAll(load.Shelves.Pieces.Keys.Select(sku => load.Caller.Look($"/v1/inventory/{sku}/levels/{load.Shelves.Location}", level =>
            Count(level, "onHand") == load.Left(sku) && Count(level, "available") == load.Left(sku) && Count(level, "committed") == 0)));
        await Task.WhenAll(NothingIsDoubled(platform, load), EverythingReconciles(load.Caller));
        // Last, because asking the broker costs both cores a second.
        await NothingIsLeft(platform);
        Load.Say($"invariants hold after another {Stopwatch.GetElapsedTime(started).TotalSeconds:0.0} s");
    }

    /// <summary>Waits until everything in all services reconciles and nothing moves any more; fails with the differences.</summary>
    public static Task EverythingReconciles(PatientCaller caller) =>
        caller.Look("/v1/reconciliation", report => Count(report, "differencesFound") == 0 && Count(report, "moving") == 0);

    /// <summary>How many commits the relay of this database has still to tell.</summary>
    public static async Task<long> Untold(string connection)
    {
        await using var database = NpgsqlDataSource.Create(connection);
        await using var pointers = database.CreateCommand("select count(*) from oms.relay");
        return (long)(await pointers.ExecuteScalarAsync())!;
    }

    private static async Task HoldsFor(Load load, LoadOrder order)
    {
        var delivered = order.Fate == Fate.Delivered;
        var seen = await load.Caller.Look($"/v1/orders/{order.Id}", it => it["status"]!.GetValue<string>() == order.FinalStatus
            && Amount(it, "captured") == (delivered ? order.Total : 0)
            && (delivered || Amount(it, "authorized") == 0 || it["payment"]!["voided"]!.GetValue<bool>()));
        seen["channelOrderNumber"]!.GetValue<string>().ShouldBe(order.Number);

        var parcels = await load.Caller.Look($"/v1/orders/{order.Id}/shipments");
        parcels["items"]!.AsArray().Count.ShouldBe(delivered ? 1 : 0, order.Number);

        var timeline = await load.Caller.Look($"/v1/orders/{order.Id}/timeline");
        var facts = timeline["items"]!.AsArray().Select(fact => fact!["type"]!.GetValue<string>()).ToArray();
        Once.Where(type => facts.Count(fact => fact == type) > 1).ShouldBeEmpty($"{order.Number}: {string.Join(", ", facts)}");

        await load.Caller.Look($"/v1/customers/{seen["customerId"]}", customer => Count(customer, "ordersCount") == (delivered ? 1 : 0)
            && Count(customer, "canceledOrdersCount") == (delivered ? 0 : 1) && (customer["lifetimeValue"]?.AsArray().Sum(it => it!["amount"]!.GetValue<decimal>()) ?? 0) == (delivered ? order.Total : 0));
    }

    /// <summary>Beyond what an order knows of itself: orders that nobody was told of, and the gateway's own ledger.</summary>
    private static async Task NothingIsDoubled(FaultPlatform platform, Load load)
    {
        var ids = load.Orders.Select(order => order.Id).ToArray();
        ids.Distinct().Count().ShouldBe(load.Orders.Count);
        await using var database = NpgsqlDataSource.Create(platform.Platform.ConnectionStrings["orderdb"]);
        await using var stored = database.CreateCommand("select count(*) from oms.mt_doc_order where data ->> 'channelOrderNumber' = any($1)");
        stored.Parameters.Add(new() { Value = load.Orders.Select(order => order.Number).ToArray() });
        (await stored.ExecuteScalarAsync()).ShouldBe((long)load.Orders.Count);

        await using var captured = database.CreateCommand(
            """
            select coalesce(sum(entry.amount), 0) from oms.sandbox_payment entry
            join oms.mt_doc_order o on entry.authorization_id = o.data -> 'payment' ->> 'reference'
            where o.id = any($1) and entry.kind = 'capture' and entry.decline_reason is null
            """);
        captured.Parameters.Add(new() { Value = ids });
        (await captured.ExecuteScalarAsync()).ShouldBe(load.Orders.Where(order => order.Fate == Fate.Delivered).Sum(order => order.Total));
    }

    /// <summary>No message waits anywhere, none has failed, and every committed fact has been told.</summary>
    private static async Task NothingIsLeft(FaultPlatform platform)
    {
        foreach (var name in FaultPlatform.Services.Select(service => $"{service}db"))
        {
            var connection = platform.Platform.ConnectionStrings[name];
            await PatientCaller.Until($"The relay of {name}", async () =>
            {
                var left = await Untold(connection);
                return ((object?)(left == 0 ? name : null), $"{left} pointers");
            });
        }

        await PatientCaller.Until("Every queue is empty", async () =>
        {
            var queues = await platform.Servers.ListQueues(CancellationToken.None);
            var filled = queues.Split('\n').Where(line => line.Split('\t') is [_, var count] && int.TryParse(count, out var messages) && messages > 0).ToArray();
            return ((object?)(filled.Length == 0 ? queues : null), string.Join(", ", filled));
        });
    }

    private static int Count(JsonNode node, string name) => node[name]!.GetValue<int>();

    private static decimal Amount(JsonNode order, string name) => order["payment"]![name]!.GetValue<decimal>();
}
