using System.Net.Http.Headers;
using Npgsql;
using Oms.AppHost.Local;
using Oms.SystemTests;
using Oms.SystemTests.Faults;

namespace Oms.Rehearsals;

/// <summary>The next version comes while orders are on their way, process by process, and nobody notices.</summary>
[Collection(typeof(FaultCollection))]
public sealed class RollingUpdateTests(FaultPlatform platform)
{
    private static readonly Dictionary<string, string> Resources = new() { ["order"] = "/v1/orders", ["inventory"] = "/v1/items" };
    private static readonly string[] Updated = [.. Resources.Keys];

    /// <summary>Longer than draining and what comes after it may take.</summary>
    private static readonly TimeSpan EndsWithin = TimeSpan.FromSeconds(14);

    private readonly Dictionary<string, Uri[]> places = Updated.ToDictionary(service => service, _ => (Uri[])[FreePlace(), FreePlace()]);
    private readonly Uri[] doors = [FreePlace(), FreePlace()];

    [Fact]
    public async Task Old_and_new_processes_work_side_by_side_under_load_and_no_request_fails()
    {
        var gateways = doors.Select((door, index) => platform.Platform.Beside("gateway", door, index == 0 ? Places() : Next())).ToArray();
        var next = Updated.SelectMany(service => places[service].Select(place => platform.Platform.Beside(service, place, Next()))).ToArray();
        await gateways[0].Process.Start(TestContext.Current.CancellationToken);

        using var requests = new TwoGateways(doors);
        using var http = new HttpClient(requests) { BaseAddress = doors[0], Timeout = TimeSpan.FromMinutes(1) };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", platform.Platform.ApiKey);
        using var load = await Load.Prepare(platform, openMax: 3, http: http);
        platform.Tell("versions", "");
        try
        {
            await load.Throughout(async () =>
            {
                foreach (var service in (string[])["Order", "Inventory"])
                {
                    var (exitCode, output) = await Programs.RunService(platform.Platform, service, "db-apply");
                    exitCode.ShouldBe(0, output);
                    Load.Say($"the database step of {service} is done");
                }
                for (var replica = 0; replica < 2; replica++)
                    await Task.WhenAll(Updated.Select(service => Replace(
                        Running(service, replica), next.Where(it => it.Service == service).ElementAt(replica), requests,
                        () => load.Caller.Look(Resources[service]), $"{Resources[service]} ", $"{Resources[service]} next")));
                await Replace(gateways[0], gateways[1], requests, () => load.Caller.Look(Resources["order"]), $"{doors[0]}", $"{doors[1]}");
            });

            requests.Failures.ShouldBeEmpty();
            load.Caller.Unanswered.ShouldBe(0);
            Load.Say($"{requests.Requests} requests, 0 failed: {string.Join(", ", requests.Answers.Select(it => $"{it.Key}: {it.Value}"))}");
            foreach (var old in (string[])["shipping", "routing", "customer"])
                platform.HasStruck(old, "next-version-heard").ShouldBeTrue($"{old} should have heard of what came with the next version.");
            (await OrdersThatWentToAndFro()).ShouldBeGreaterThan(0);
            foreach (var service in Updated)
                (await RowsOfTheAddedTable(service)).ShouldBe(0L);
            await Invariants.Hold(platform, load);
            requests.Failures.ShouldBeEmpty();
        }
        finally
        {
            await Task.WhenAll(platform.Platform.Services.Where(process => Updated.Contains(process.Service)).Select(process => process.Process.Start()));
            await Task.WhenAll(next.Concat(gateways).Select(process => process.Process.KillForGood()));
        }
    }

    /// <summary>The new one begins, both answer, and the old one is asked to stop and ends by itself.</summary>
    /// <param name="answers">What is counted when the one answers, and when the other does.</param>
    private static async Task Replace(ServiceProcess old, ServiceProcess successor, TwoGateways requests, Func<Task> ask, params string[] answers)
    {
        await successor.Process.Start(TestContext.Current.CancellationToken);
        var before = answers.Select(answer => requests.Answers.GetValueOrDefault(answer)).ToArray();
        await PatientCaller.Until($"{old.Process.Name} and {successor.Process.Name} side by side", async () =>
        {
            await ask();
            var now = answers.Select(answer => requests.Answers.GetValueOrDefault(answer)).ToArray();
            return (now.Zip(before).All(it => it.First > it.Second) ? "" : null, string.Join(", ", now));
        });
        (await old.Process.Stop(EndsWithin)).ShouldBeTrue($"{old.Process.Name} should have ended by itself.");
        Load.Say($"{successor.Process.Name} instead of {old.Process.Name}");
    }

    /// <summary>In development a process brings its database up to date itself: the first of the next version does so beside those of today.</summary>
    private async Task<object?> RowsOfTheAddedTable(string service)
    {
        await using var source = NpgsqlDataSource.Create(platform.Platform.ConnectionStrings[$"{service}db"]);
        await using var added = source.CreateCommand("select count(*) from oms.added_later");
        return await added.ExecuteScalarAsync();
    }

    /// <summary>How many orders a process of today went on with after one of the next version had.</summary>
    private async Task<long> OrdersThatWentToAndFro()
    {
        await using var source = NpgsqlDataSource.Create(platform.Platform.ConnectionStrings["orderdb"]);
        await using var both = source.CreateCommand(
            """
            select count(distinct later.stream_id) from oms.mt_events earlier join oms.mt_events later on later.stream_id = earlier.stream_id and later.version > earlier.version
            where earlier.data ? 'addedLater' and not later.data ? 'addedLater'
            """);
        return (long)(await both.ExecuteScalarAsync())!;
    }

    private ServiceProcess Running(string service, int replica) => platform.Platform.Services.Single(process => process.Service == service && process.Replica == replica);

    /// <summary>Where the processes of today and of the next version are, and that this is one of the next.</summary>
    private Dictionary<string, string> Next() => new(Places()) { ["OMS_FAULTS_VERSION"] = "next" };

    private Dictionary<string, string> Places() => Updated
        .SelectMany(service => platform.Platform.Services.Where(process => process.Service == service).Select(process => process.Address).Concat(places[service]).Index()
            .Select(it => KeyValuePair.Create($"services__{service}__http__{it.Index}", it.Item.GetLeftPart(UriPartial.Authority))))
        .ToDictionary();

    private static Uri FreePlace() => new($"http://127.0.0.1:{Ports.Free()}");
}
