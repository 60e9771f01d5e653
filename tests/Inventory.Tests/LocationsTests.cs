using System.Net.Http.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Oms.Contracts.Routing.V1;
using Oms.Inventory.Integration;
using Oms.ServiceDefaults;
using static Oms.Inventory.Tests.InventoryFixture;

namespace Oms.Inventory.Tests;

public sealed class LocationsTests(InventoryFixture service) : IClassFixture<InventoryFixture>
{
    private static object Receipt(string sku, string location) => new { locationId = location, lines = new[] { new { sku, quantity = 1 } } };

    private HttpClient WithRoutingAt(string address)
    {
        var client = service.WithWebHostBuilder(host => host.UseSetting("services:routing:http:0", address)).CreateClient();
        client.DefaultRequestHeaders.Authorization = service.Http.DefaultRequestHeaders.Authorization;
        return client;
    }

    [Fact]
    public async Task what_nobody_can_tell_is_unavailable_for_now()
    {
        var sku = await service.Sku();
        await Problem(await service.Post("/v1/inventory/receipts", Receipt(sku, "unheard-of")), 503, "locations-unavailable");
        await Problem(await WithRoutingAt("http://127.0.0.1:9").PostAsJsonAsync("/v1/inventory/receipts", Receipt(sku, "unheard-of")), 503, "locations-unavailable");
    }

    [Fact]
    public async Task routing_is_asked_for_what_it_has_not_yet_told()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        await using var routing = builder.Build();
        var asked = 0;
        routing.Urls.Add("http://127.0.0.1:0");
        routing.MapGet("/v1/locations/{id}", async (string id, HttpRequest request) =>
        {
            asked++;
            var token = await new JsonWebTokenHandler().ValidateTokenAsync(request.Headers.Authorization.ToString()["Bearer ".Length..], new()
            {
                ValidIssuer = ServiceTokens.Issuer,
                ValidAudience = ServiceTokens.Audience,
                IssuerSigningKey = ServiceTokens.Key(service.Services.GetRequiredService<IConfiguration>()),
            });
            return !token.IsValid ? Results.Unauthorized() : id == "new-shop" ? Results.Ok(new { id }) : Results.NotFound();
        });
        await routing.StartAsync();
        using var client = WithRoutingAt(routing.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());

        var sku = await service.Sku();
        await Body(await client.PostAsJsonAsync("/v1/inventory/receipts", Receipt(sku, "new-shop")), 201);
        await Problem(await client.PostAsJsonAsync("/v1/inventory/receipts", Receipt(sku, "nowhere")), 422, "unknown-location");
        await Body(await client.PostAsJsonAsync("/v1/inventory/receipts", Receipt(sku, "nyc")), 201);
        asked.ShouldBe(2);
    }

    [Fact]
    public async Task newer_news_wins_whenever_it_comes()
    {
        var (id, at) = ($"l{Guid.CreateVersion7():N}", MemoryStock.Noon);
        await service.Messages.Deliver(new LocationRegistered(id, "New name", "store", false, at.AddMinutes(1)));
        await service.Messages.Deliver(new LocationRegistered(id, "Old name", "store", true, at));
        await service.Messages.Deliver(new LocationRegistered(id, "New name", "store", false, at.AddMinutes(1)));
        await using var session = service.Services.GetRequiredService<Marten.IDocumentStore>().QuerySession();
        (await session.LoadAsync<KnownLocation>(id))!.Name.ShouldBe("New name");
    }
}
