using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using Oms.AppHost.Local;
using Oms.SystemTests;
using Oms.SystemTests.Faults;

namespace Oms.Rehearsals;

/// <summary>A copy is taken while orders are on their way; then the machine is lost, and another one goes on from the copy with an empty broker.</summary>
public sealed class BackupTests : IDisposable
{
    private const int Pieces = 500;
    private const decimal Price = 5m;
    private const int MeanwhileMax = 25;

    private readonly string lost = TemporaryFolder.Create("oms-lost-");
    private readonly string fresh = TemporaryFolder.Create("oms-fresh-");
    private readonly string copies = TemporaryFolder.Create("oms-copies-");
    private readonly int port = Ports.Free();

    [Fact]
    public async Task What_was_accepted_before_the_copy_is_there_after_the_loss_and_goes_on()
    {
        var begun = Stopwatch.GetTimestamp();
        var copy = Path.Combine(copies, "monday");
        var world = await Before(copy);
        Load.Say($"copied and lost after {Stopwatch.GetElapsedTime(begun).TotalSeconds:0.0} s");

        using var restored = Programs.Start("AppHost", On(fresh), "restore", copy, "--quiet");
        try
        {
            (await Line(restored, "Everything adds up")).ShouldNotBeNull("The restored platform should add up.");
            Load.Say($"restored and compared after {Stopwatch.GetElapsedTime(begun).TotalSeconds:0.0} s");
            using var http = new HttpClient { BaseAddress = new($"http://127.0.0.1:{port}"), Timeout = TimeSpan.FromMinutes(1) };
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", new DataFolder(fresh).Secret("api-key"));
            await After(world, new(http));
        }
        finally
        {
            Signal.Terminate.Send(restored.Id);
            await restored.WaitForExitAsync();
        }
        Load.Say($"all at their ends after {Stopwatch.GetElapsedTime(begun).TotalSeconds:0.0} s");
    }

    public void Dispose()
    {
        foreach (var folder in (string[])[lost, fresh, copies])
            Directory.Delete(folder, recursive: true);
    }

    private sealed record World(string Location, string Sku, string Scarce)
    {
        /// <summary>Accepted before the copy was begun, by what had become of them until then.</summary>
        public required Guid[] Placed { get; init; }

        public required Guid[] InFulfillment { get; init; }

        public required Guid[] Shipped { get; init; }

        public required Guid[] Delivered { get; init; }

        public required Guid[] Canceled { get; init; }

        public required Guid[] Backordered { get; init; }

        /// <summary>Accepted while it was being taken: they may be in it or not.</summary>
        public List<(string Number, Guid Id)> Meanwhile { get; } = [];

        /// <summary>Accepted when it was done.</summary>
        public List<(string Number, Guid Id)> Later { get; } = [];
    }

    private async Task<World> Before(string copy)
    {
        await using var platform = await Platform.Start(new() { Folder = lost, Environment = ShortLife.Environment });
        var merchant = Merchant.Of(platform);
        var (location, sku, scarce) = (await merchant.Location(), await merchant.Item(), await merchant.Item());
        await merchant.Receive(location, sku, Pieces);
        await merchant.OrderWhen(await merchant.Place((sku, 1, Price)), "in_fulfillment");

        var (delivered, shipped, inFulfillment, canceled, backordered) =
            (await Place(merchant, sku, 3), await Place(merchant, sku, 3), await Place(merchant, sku, 3), await Place(merchant, sku, 2), await Place(merchant, scarce, 2));
        await Task.WhenAll(delivered.Select(merchant.ShipAndDeliver));
        await Task.WhenAll(shipped.Select(merchant.Ship));
        await Task.WhenAll(inFulfillment.Select(id => merchant.OrderWhen(id, "in_fulfillment")));
        await Task.WhenAll(backordered.Select(id => merchant.OrderWhen(id, "backordered")));
        foreach (var id in canceled)
            await merchant.Post($"/v1/orders/{id}/cancellation", new { reason = "changed my mind" });
        var world = new World(location, sku, scarce)
        {
            Placed = await Place(merchant, sku, 6),
            InFulfillment = inFulfillment,
            Shipped = shipped,
            Delivered = delivered,
            Canceled = canceled,
            Backordered = backordered,
        };

        using var done = new CancellationTokenSource();
        var meanwhile = PlaceUntil(merchant, sku, world.Meanwhile, done.Token);
        var (exitCode, output) = await Programs.Run("AppHost", On(lost), "backup", copy);
        await done.CancelAsync();
        await meanwhile;
        exitCode.ShouldBe(0, output);
        Load.Say($"{world.Meanwhile.Count} orders while it was copied; {output.Trim()}");

        await PlaceUntil(merchant, sku, world.Later, new CancellationToken(canceled: true));
        // What the copy does not know of: these were shipped since.
        await Task.WhenAll(inFulfillment.Select(merchant.Ship));
        await Task.WhenAll(platform.Services.Select(process => process.Process.KillForGood()).Append(platform.Servers.Postgres.KillForGood()).Append(platform.Servers.Rabbit!.KillForGood()));
        return world;
    }

    private static async Task After(World world, Merchant merchant)
    {
        foreach (var (number, id) in world.Later)
        {
            (await merchant.Http.GetAsync($"/v1/orders/{id}")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
            (await merchant.Http.PostAsJsonAsync("/v1/orders", Merchant.Order(number, (world.Sku, 1, Price)))).StatusCode.ShouldBe(HttpStatusCode.Created);
        }
        // Who got no answer, or one that is lost, says it again.
        var again = await Task.WhenAll(world.Meanwhile.Concat(world.Later)
            .Select(async it => (await merchant.Post("/v1/orders", Merchant.Order(it.Number, (world.Sku, 1, Price))))["id"]!.GetValue<Guid>()));

        await merchant.Receive(world.Location, world.Scarce, world.Backordered.Length);
        Guid[] toShip = [.. world.Placed, .. world.InFulfillment, .. world.Backordered, .. again];
        await Task.WhenAll(toShip.Select(merchant.ShipAndDeliver));
        foreach (var id in world.Shipped)
        {
            foreach (var shipment in (await merchant.Get($"/v1/orders/{id}/shipments"))["items"]!.AsArray())
                await merchant.Track(shipment!, "PU", "IT", "OD", "DV");
        }
        await Task.WhenAll(world.Shipped.Concat(world.Delivered).Select(id => merchant.OrderWhen(id, "completed")));
        await Task.WhenAll(world.Canceled.Select(id => merchant.OrderWhen(id, "canceled")));

        // One is still in fulfillment since the beginning.
        var left = Pieces - world.Delivered.Length - world.Shipped.Length - world.Placed.Length - world.InFulfillment.Length - again.Length;
        await merchant.When($"/v1/inventory/{world.Sku}/levels/{world.Location}", level =>
            (level["onHand"]!.GetValue<int>(), level["committed"]!.GetValue<int>(), level["available"]!.GetValue<int>()) == (left, 1, left - 1));
        await merchant.When($"/v1/inventory/{world.Scarce}/levels/{world.Location}", level => level["onHand"]!.GetValue<int>() == 0);
        await Invariants.EverythingReconciles(new(merchant.Http));
    }

    /// <summary>One at a time, one at least, and not too many to be shipped.</summary>
    private static async Task PlaceUntil(Merchant merchant, string sku, List<(string Number, Guid Id)> placed, CancellationToken done)
    {
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        do
        {
            var number = Merchant.Unique("o");
            placed.Add((number, (await merchant.Post("/v1/orders", Merchant.Order(number, (sku, 1, Price))))["id"]!.GetValue<Guid>()));
        }
        while (!done.IsCancellationRequested && placed.Count < MeanwhileMax && await pace.WaitForNextTickAsync(CancellationToken.None));
    }

    private static async Task<Guid[]> Place(Merchant merchant, string sku, int count) =>
        await Task.WhenAll(Enumerable.Range(0, count).Select(_ => merchant.Place((sku, 1, Price))));

    /// <summary>The line that holds this text; null when the program has ended without saying it.</summary>
    private static async Task<string?> Line(Process process, string text)
    {
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            Load.Say(line);
            if (line.Contains(text, StringComparison.Ordinal))
                return line;
        }

        return null;
    }

    private Dictionary<string, string?> On(string folder) => new() { ["OMS_HOME"] = folder, ["OMS_PORT"] = $"{port}" };
}
