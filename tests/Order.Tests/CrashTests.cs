using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using MassTransit;
using Marten;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Oms.Contracts.Inventory.V1;
using Oms.Contracts.Routing.V1;
using Oms.Orders.Domain;
using Oms.ServiceDefaults;
using Oms.Testing;
using static Oms.Orders.Tests.OrderFixture;
using OrderPlacedContract = Oms.Contracts.Orders.V1.OrderPlaced;

namespace Oms.Orders.Tests;

/// <summary>The fixture's own host is never started: each test starts hosts one after the other on its database.</summary>
public sealed class CrashFixture : OrderFixture
{
    public override ValueTask InitializeAsync() => ValueTask.CompletedTask;
}

/// <summary>A process that dies between saving and sending.</summary>
public sealed class CrashTests(CrashFixture fixture) : IClassFixture<CrashFixture>
{
    /// <summary>A process of the service, and what it says on the bus, by message id.</summary>
    private sealed class Process : IPublishObserver, IAsyncDisposable
    {
        private readonly WebApplicationFactory<Order> host;

        private Process(WebApplicationFactory<Order> host) => this.host = host;

        public ConcurrentQueue<(Guid? Id, object Message)> Said { get; } = [];

        public IEnumerable<Guid> SaidOf(Guid order) => Said.Where(it => Echoes.OrderOf(it.Message) == order).Select(it => it.Id!.Value);

        public bool IsCutOff { get; set; }

        public Messages Messages { get; private set; } = null!;

        public IServiceProvider Services => host.Services;

        public HttpClient Http { get; private set; } = null!;

        public static async Task<Process> Start(CrashFixture fixture)
        {
            var process = new Process(fixture.WithWebHostBuilder(_ => { }));
            process.Http = process.host.CreateClient();
            process.Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer",
                ServiceTokens.Create(ServiceTokens.Key(process.Services.GetRequiredService<IConfiguration>()), Caller.Unrestricted("test"), TimeProvider.System.GetUtcNow()));
            process.Messages = await Messages.Of(process.Services);
            process.Services.GetRequiredService<IBusControl>().ConnectPublishObserver(process);
            await process.Messages.Deliver(new ItemRegistered("MUG", "Mug", null, null, null, null, null, null, null, Given.Noon));
            await process.Messages.Deliver(new ItemRegistered("PLATE", "Plate", null, null, null, null, null, null, null, Given.Noon));
            return process;
        }

        public ValueTask DisposeAsync()
        {
            Http.Dispose();
            return host.DisposeAsync();
        }

        Task IPublishObserver.PrePublish<T>(PublishContext<T> context) =>
            IsCutOff ? throw new InvalidOperationException("The broker is away.") : Task.CompletedTask;

        Task IPublishObserver.PostPublish<T>(PublishContext<T> context)
        {
            Said.Enqueue((context.MessageId, context.Message));
            return Task.CompletedTask;
        }

        Task IPublishObserver.PublishFault<T>(PublishContext<T> context, Exception exception) => Task.CompletedTask;
    }

    private static async Task<T> Ask<T>(Process process, string sql, params object[] values)
    {
        await using var command = process.Services.GetRequiredService<NpgsqlDataSource>().CreateCommand(sql);
        foreach (var value in values)
            command.Parameters.Add(new() { Value = value });
        return (T)(await command.ExecuteScalarAsync())!;
    }

    private static Task<long> Pointers(Process process) => Ask<long>(process, "select count(*) from oms.relay");

    /// <summary>As if the crash were a minute ago: younger pointers are left to the process that wrote them.</summary>
    private async Task Sweep(Process process)
    {
        await Ask<long>(process, "with old as (update oms.relay set created = created - interval '1 minute' returning 1) select count(*) from old");
        await Until(async () =>
        {
            fixture.Clock.Advance(TimeSpan.FromSeconds(1));
            return await Pointers(process) == 0;
        }, () => Task.FromResult("Nobody sweeps."));
    }

    private static async Task<IReadOnlyList<JasperFx.Events.IEvent>> Facts(Process process, Guid id)
    {
        await using var session = process.Services.GetRequiredService<IDocumentStore>().QuerySession();
        return await session.Events.FetchStreamAsync(id);
    }

    [Fact]
    public async Task what_was_saved_is_sent_by_the_next_process_and_the_order_goes_on()
    {
        Guid id;
        await using (var dying = await Process.Start(fixture))
        {
            dying.IsCutOff = true;
            // Accepted, although nobody can hear of it.
            id = (await Answer(await dying.Http.PostAsJsonAsync("/v1/orders", Body()), 201)).GetProperty("id").GetGuid();
            (await Pointers(dying)).ShouldBeGreaterThan(0);
            dying.SaidOf(id).ShouldBeEmpty();
        }

        await using var next = await Process.Start(fixture);
        (await Pointers(next)).ShouldBeGreaterThan(0);
        next.SaidOf(id).ShouldBeEmpty();
        await Sweep(next);
        await next.Messages.Hear<OrderPlacedContract>(it => it.OrderId == id);
        (await next.Messages.Hear<RouteOrder>(it => it.OrderId == id)).Attempt.ShouldBe(1);

        // Everything that was said carries the id of its fact, once.
        var facts = await Facts(next, id);
        facts.Select(it => it.EventTypeName).ShouldBe(["order_placed", "payment_authorization_requested", "payment_authorized", "routing_requested"]);
        next.SaidOf(id).ShouldBe(facts.Select(it => it.Id), ignoreOrder: true);
    }

    /// <summary>Sent, and dead before that was noted: it is sent again, and whoever knows its id knows it already.</summary>
    [Fact]
    public async Task what_was_sent_and_not_noted_is_sent_again_under_the_same_id()
    {
        await using var process = await Process.Start(fixture);
        var id = (await Answer(await process.Http.PostAsJsonAsync("/v1/orders", Body()), 201)).GetProperty("id").GetGuid();
        await process.Messages.Hear<RouteOrder>(it => it.OrderId == id);
        await Sweep(process);

        var facts = await Facts(process, id);
        await Ask<long>(process, "with again as (insert into oms.relay (id, event_ids) values ($1, $2) returning 1) select count(*) from again",
            Guid.CreateVersion7(), facts.Select(it => it.Id).ToArray());
        await Sweep(process);
        var said = process.SaidOf(id).GroupBy(it => it).ToDictionary(it => it.Key, it => it.Count());
        said.Keys.ShouldBe(facts.Select(it => it.Id), ignoreOrder: true);
        said.Values.ShouldAllBe(count => count >= 2);
        (await Facts(process, id)).Count.ShouldBe(facts.Count);
    }

    /// <summary>While the broker is away orders are taken; when it is back they go on by themselves.</summary>
    [Fact]
    public async Task a_broker_that_comes_back_hears_everything_in_order()
    {
        await using var process = await Process.Start(fixture);
        process.IsCutOff = true;
        List<Guid> placed = [];
        for (var number = 0; number < 5; number++)
            placed.Add((await Answer(await process.Http.PostAsJsonAsync("/v1/orders", Body()), 201)).GetProperty("id").GetGuid());
        (await process.Http.GetAsync("/health")).StatusCode.ShouldBe(System.Net.HttpStatusCode.OK);
        process.IsCutOff = false;
        await Sweep(process);
        foreach (var id in placed)
            await process.Messages.Hear<RouteOrder>(it => it.OrderId == id);
        process.Said.Select(it => it.Message).OfType<OrderPlacedContract>().Select(it => it.OrderId).Where(placed.Contains).ShouldBe(placed);
    }
}
