using System.Diagnostics;

namespace Oms.SystemTests.Faults;

/// <summary>The broker promises at least once and nothing about when: messages come twice, late, in another order, or cannot be consumed.</summary>
[Collection(typeof(FaultCollection))]
public sealed class DeliveryTests(FaultPlatform platform)
{
    private const int LongestDelayMilliseconds = 400;

    /// <summary>Returns tells nothing while nothing comes back.</summary>
    private static readonly string[] Speakers = [.. FaultPlatform.Services.Except(["returns"])];

    [Fact]
    public async Task When_every_message_is_delivered_twice_everything_happens_once()
    {
        using var load = await Load.Prepare(platform);
        platform.Tell("messages", "twice");
        await load.While(() => Task.CompletedTask);
        Speakers.Where(service => !platform.HasStruck(service, "repeat")).ShouldBeEmpty("They should have said everything twice.");
        await Invariants.Hold(platform, load);
    }

    [Fact]
    public async Task When_messages_are_late_and_in_another_order_everything_arrives()
    {
        using var load = await Load.Prepare(platform, openMax: FaultSettings.Orders);
        platform.Tell("messages", $"late {LongestDelayMilliseconds} {FaultSettings.Seed}");
        await load.While(() => Task.CompletedTask);
        FaultPlatform.Services.Where(service => !platform.HasStruck(service, "delay")).ShouldBeEmpty("They should have heard late.");
        await Invariants.Hold(platform, load);
    }

    [Fact]
    public async Task A_poison_message_is_seen_stops_nothing_else_and_is_tried_again_when_its_cause_is_gone()
    {
        using var load = await Load.Prepare(platform);
        var merchant = Merchant.Of(platform.Platform);
        var sku = await merchant.Item();
        await merchant.Receive(load.Shelves.Location, sku, 1);
        // The defect strikes what is asked for this item, at every attempt.
        platform.Tell("poison", $"CreateFulfillmentOrders {sku}");
        var poisoned = await merchant.Place((sku, 1, 10m));

        await load.While(() => Task.CompletedTask);
        await PatientCaller.Until("The poison message", async () =>
        {
            var failed = await platform.Servers.CountErrorQueueMessages();
            return ((object?)(failed > 0 ? "" : null), $"{failed} failed messages");
        });
        (await platform.Servers.CountErrorQueueMessages()).ShouldBe(1);
        (await merchant.Get($"/v1/orders/{poisoned}/fulfillment-orders"))["items"]!.AsArray().ShouldBeEmpty();

        // While the defect is there it comes back; when it is gone it does not.
        (await Redrive()).ShouldContain("shipping-commands: 1 message is tried again");
        await PatientCaller.Until("The poison message, again", async () => ((object?)(await platform.Servers.CountErrorQueueMessages() == 1 ? "" : null), "not failed again"));
        platform.Calm();
        (await Redrive()).ShouldContain("shipping-commands: 1 message is tried again");
        await merchant.ShipAndDeliver(poisoned);
        await Invariants.Hold(platform, load);
    }

    /// <summary>As an operator does it: <c>dotnet run --project AppHost -- redrive</c>.</summary>
    private async Task<string> Redrive()
    {
        var own = new DirectoryInfo(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
        var program = Path.Combine(own.Parent!.Parent!.FullName, "AppHost", own.Name, "AppHost.dll");
        using var process = Process.Start(new ProcessStartInfo("dotnet", [program, "redrive"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            Environment = { ["OMS_HOME"] = platform.Platform.DataFolder },
        })!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        process.ExitCode.ShouldBe(0, await errors);
        return await output;
    }
}
