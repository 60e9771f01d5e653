using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Marten;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Oms.Contracts.Inventory.V1;
using Oms.Orders.Domain;
using Oms.Orders.Features;
using Oms.Orders.Fulfillment;
using Oms.Orders.Integration;
using Oms.Orders.Payments;
using Oms.Testing;

namespace Oms.Orders.Tests;

/// <summary>The Order service alone; the test is every other service. Mugs and plates are known items.</summary>
public class OrderFixture() : ServiceFixture<Order>("order"), IAsyncLifetime
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(10);

    public Messages Messages { get; private set; } = null!;

    public HttpClient Http { get; private set; } = null!;

    /// <summary>What Inventory answers when it is asked for an item directly: null when it cannot be reached.</summary>
    public Func<string, HttpStatusCode>? Inventory { get; set; } = _ => HttpStatusCode.NotFound;

    internal Echoes Echoes { get; private set; } = null!;

    public virtual async ValueTask InitializeAsync()
    {
        Http = Client();
        Messages = await Messages.Of(Services);
        Echoes = new(Services, Messages);
        foreach (var (sku, name) in ((string, string)[])[("MUG", "Mug"), ("PLATE", "Plate")])
            await Messages.Deliver(new ItemRegistered(sku, name, null, null, null, null, null, null, null, Given.Noon));
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        base.ConfigureWebHost(builder);
        builder.ConfigureTestServices(services =>
        {
            services.AddHttpClient(Catalog.Client).ConfigurePrimaryHttpMessageHandler(() => new InventoryStandIn(this));
            services.AddSingleton<SandboxPaymentGateway>();
            services.AddSingleton<IPaymentGateway>(provider => new SlowGateway(provider.GetRequiredService<SandboxPaymentGateway>()));
        });
    }

    /// <summary>An order paid with <see cref="SlowGateway.Token"/> is authorized from here on.</summary>
    public void Authorize(Guid order) => ((SlowGateway)Services.GetRequiredService<IPaymentGateway>()).Open(Kernel.Ids.Derive("authorization", $"{order:N}"));

    /// <summary>An order of three mugs (10.00 for all three) and two plates (18.00), with 5.00 for shipping; each call has a number of its own.</summary>
    public static object Body(
        string? number = null, string channel = "web", string? token = null, int mugs = 3, DateTimeOffset? placedAt = null, string currency = "USD", string? email = "ada@example.com",
        object[]? lines = null, decimal shipping = 5m) => new
    {
        channel,
        channelOrderNumber = number ?? $"W-{Guid.CreateVersion7():N}",
        placedAt,
        customer = new { email, name = "Ada Lovelace" },
        shipTo = new { name = "Ada Lovelace", line1 = "12 Main St", city = "Springfield", region = "IL", postalCode = "62701", country = "US" },
        currency,
        lines = lines ?? [new { sku = "MUG", quantity = mugs, unitPrice = 4m, discount = 2.50m, tax = 0.50m }, new { sku = "PLATE", quantity = 2, unitPrice = 9m }],
        shipping,
        payment = token is null ? null : new { token },
    };

    public Task<HttpResponseMessage> Post(object body) => Http.PostAsJsonAsync("/v1/orders", body);

    public async Task<Guid> Placed(string? token = null, object[]? lines = null) =>
        (await Answer(await Post(Body(token: token, lines: lines)), 201)).GetProperty("id").GetGuid();

    public async Task<JsonElement> Get(string path) => await Answer(await Http.GetAsync(path), 200);

    public static async Task<JsonElement> Answer(HttpResponseMessage response, int status)
    {
        var text = await response.Content.ReadAsStringAsync();
        ((int)response.StatusCode).ShouldBe(status, text);
        return JsonSerializer.Deserialize<JsonElement>(text);
    }

    /// <summary>A problem of the agreed shape, with this code.</summary>
    public static async Task<JsonElement> Problem(HttpResponseMessage response, int status, string code)
    {
        var problem = await Answer(response, status);
        response.Content.Headers.ContentType?.MediaType.ShouldBe("application/problem+json");
        problem.GetProperty("type").GetString().ShouldBe($"/problems/{code}");
        problem.GetProperty("code").GetString().ShouldBe(code);
        problem.GetProperty("status").GetInt32().ShouldBe(status);
        problem.GetProperty("traceId").GetString().ShouldNotBeNullOrEmpty();
        return problem;
    }

    public async Task<Order> Order(Guid id)
    {
        await using var session = Services.GetRequiredService<IDocumentStore>().QuerySession();
        return (await session.LoadAsync<Order>(id)).ShouldNotBeNull();
    }

    public async Task<FulfillmentState> Process(Guid id)
    {
        await using var session = Services.GetRequiredService<IDocumentStore>().QuerySession();
        return (await session.LoadAsync<FulfillmentState>(id)).ShouldNotBeNull();
    }

    public async Task<IReadOnlyList<IOrderEvent>> Facts(Guid id)
    {
        await using var session = Services.GetRequiredService<IDocumentStore>().QuerySession();
        return [.. (await session.Events.FetchStreamAsync(id)).Select(it => (IOrderEvent)it.Data)];
    }

    /// <summary>Looks until it is so.</summary>
    /// <param name="what">What to say when it never becomes so.</param>
    public static async Task Until(Func<Task<bool>> isSo, Func<Task<string>> what)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (!await isSo())
        {
            if (TimeProvider.System.GetElapsedTime(began) > Limit)
                throw new TimeoutException(await what());
            await Task.Delay(Glance, TimeProvider.System);
        }
    }

    public Task PaymentsAreDone(Guid id) => Until(async () => (await Order(id)).Payment is var payment && payment.IsVoidRequested == payment.IsVoided &&
        payment.Captures.All(it => it.Status != TransactionStatus.Pending) && payment.Refunds.All(it => it.Status != TransactionStatus.Pending),
        () => Task.FromResult("A payment is still on its way."));

    /// <summary>Every rule of the reconciliation holds for these orders.</summary>
    public async Task AddsUp(params Guid[] orders)
    {
        foreach (var id in orders)
        {
            await PaymentsAreDone(id);
            var (order, facts, process) = await AtOneMoment(id);
            JsonSerializer.Serialize(order).ShouldBe(JsonSerializer.Serialize(Kernel.Fold.All<Order, IOrderEvent>(facts)! with { Version = order.Version }));
            foreach (var (what, expected, actual) in ReconcileOrdersSlice.Check(order, process))
                actual.ShouldBe(expected, what);
        }
    }

    /// <summary>Three reads between which nothing was committed.</summary>
    private async Task<(Order Order, IReadOnlyList<IOrderEvent> Facts, FulfillmentState Process)> AtOneMoment(Guid id)
    {
        (Order, IReadOnlyList<IOrderEvent>, FulfillmentState)? moment = null;
        await Until(async () =>
        {
            var (before, order, process, after) = (await Facts(id), await Order(id), await Process(id), await Facts(id));
            moment = (order, after, process);
            return before.Count == after.Count && order.Version == after.Count;
        }, () => Task.FromResult("The order does not come to rest."));
        return moment!.Value;
    }

    private sealed class InventoryStandIn(OrderFixture fixture) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.Headers.Authorization.ShouldNotBeNull().Scheme.ShouldBe("Bearer");
            var status = fixture.Inventory?.Invoke(Uri.UnescapeDataString(request.RequestUri!.Segments[^1])) ?? throw new HttpRequestException("Connection refused.");
            return Task.FromResult(new HttpResponseMessage(status) { Content = JsonContent.Create(new { sku = "X", name = "Asked for" }) });
        }
    }
}

/// <summary>A payment gateway that answers for one token when it is told to, and otherwise as the sandbox does.</summary>
internal sealed class SlowGateway(SandboxPaymentGateway sandbox) : IPaymentGateway
{
    public const string Token = "tok_slow";

    private readonly ConcurrentDictionary<Guid, TaskCompletionSource> gates = [];

    public void Open(Guid transactionId) => Gate(transactionId).TrySetResult();

    public async Task<PaymentResult> Authorize(Guid transactionId, string token, decimal amount, string currency, CancellationToken cancellation)
    {
        if (token == Token)
            await Gate(transactionId).Task.WaitAsync(cancellation);
        return await sandbox.Authorize(transactionId, token, amount, currency, cancellation);
    }

    public Task<PaymentResult> Capture(Guid transactionId, string authorization, decimal amount, string currency, CancellationToken cancellation) =>
        sandbox.Capture(transactionId, authorization, amount, currency, cancellation);

    public Task<PaymentResult> Void(Guid transactionId, string authorization, CancellationToken cancellation) => sandbox.Void(transactionId, authorization, cancellation);

    public Task<PaymentResult> Refund(Guid transactionId, string authorization, decimal amount, string currency, CancellationToken cancellation) =>
        sandbox.Refund(transactionId, authorization, amount, currency, cancellation);

    private TaskCompletionSource Gate(Guid transactionId) => gates.GetOrAdd(transactionId, _ => new(TaskCreationOptions.RunContinuationsAsynchronously));
}
