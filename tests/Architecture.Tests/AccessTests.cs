using System.Text;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.Configuration;
using Oms.Customers;
using Oms.Gateway;
using Oms.Gateway.Access;
using Oms.Inventory;
using Oms.Orders;
using Oms.Returns;
using Oms.Routing;
using Oms.ServiceDefaults;
using Oms.Shipping;

namespace Oms.Architecture.Tests;

/// <summary>Who may do what is said beside each route, and all of it in one table.</summary>
public sealed class AccessTests
{
    private const string File = "docs/access.md";

    private static readonly IReadOnlyList<(string Part, IReadOnlyList<RouteEndpoint> Routes)> Parts =
    [
        ("Order", Routes(it => it.AddOrderService(), it => it.UseServiceDefaults().MapOrderService())),
        ("Inventory", Routes(it => it.AddInventoryService(), it => it.UseServiceDefaults().MapInventoryService())),
        ("Routing", Routes(it => it.AddRoutingService(), it => it.UseServiceDefaults().MapRoutingService())),
        ("Shipping", Routes(it => it.AddShippingService(), it => it.UseServiceDefaults().MapShippingService())),
        ("Returns", Routes(it => it.AddReturnsService(), it => it.UseServiceDefaults().MapReturnsService())),
        ("Customer", Routes(it => it.AddCustomerService(), it => it.UseServiceDefaults().MapCustomerService())),
        ("Gateway", Routes(it => it.AddGateway(), it => it.UseGateway())),
    ];

    [Fact]
    public void every_route_says_who_may_call_it() => Parts.SelectMany(part => part.Routes)
        .Where(route => Access(route) is null && !IsProxied(route) && route.Metadata.GetMetadata<IAllowAnonymous>() is null)
        .Select(Name).ShouldBeEmpty("Say .Access(…) beside the route.");

    [Fact]
    public void whoever_is_led_on_to_a_service_is_known() => Parts.SelectMany(part => part.Routes).Where(IsProxied).ShouldAllBe(route =>
        route.Metadata.GetMetadata<IAuthorizeData>() != null && route.Metadata.GetMetadata<IAllowAnonymous>() == null);

    [Fact]
    public void only_health_the_description_and_signing_in_are_open_to_everybody() => Parts.SelectMany(part => part.Routes)
        .Where(route => route.Metadata.GetMetadata<IAllowAnonymous>() is not null).Select(route => Path(route).Split('/')[1]).Distinct()
        .ShouldBe(["health", "alive", "openapi", "scalar", "problems", "connect", "account"], ignoreOrder: true);

    [Fact]
    public void every_scope_opens_something_and_some_role_has_it() => Scopes.All
        .Where(scope => !Parts.SelectMany(part => part.Routes).Any(route => Access(route)?.Scope == scope) || !Roles.ScopesOf["admin"].Contains(scope))
        .ShouldBeEmpty();

    [Fact]
    public void the_table_is_true()
    {
        var page = Page();
        if (Environment.GetEnvironmentVariable("OMS_WRITE_DOCS") == "1")
            System.IO.File.WriteAllText(System.IO.Path.Combine(House.Root, File), page);

        var (written, wanted) = (House.Read(File).Split('\n'), page.Split('\n'));
        wanted.Except(written).Select(it => $"+ {it}").Concat(written.Except(wanted).Select(it => $"- {it}"))
            .ShouldBeEmpty($"{File} is stale: run these tests once with OMS_WRITE_DOCS=1 and commit it.");
    }

    private static string Page()
    {
        var page = new StringBuilder(
            """
            # Who may do what

            Written by `AccessTests` from what is said beside each route (`.Access(scope, honors)`); the services enforce it, the gateway only says who is calling.
            `tests/System.Tests/Access` calls every route as every kind of caller and compares with this table.

            A **key** (`/v1/api-keys`) has scopes, and may be restricted to channels (a storefront, a marketplace) or to locations (a 3PL). A **person** comes with a token of an
            OpenID Connect provider, or of the gateway's own (`/v1/people`, if it is switched on), and has roles, which are sets of scopes; warehouse people are restricted to the
            locations they are named for.

            What is not the caller's does not exist for it: 404, in lists left out. Without the scope, or with a restriction that a route cannot keep: 403. Without a key
            or a token: 401.

            | scope | roles |
            |---|---|

            """);
        foreach (var scope in Scopes.All)
            page.Append($"| `{scope}` | {string.Join(", ", Roles.ScopesOf.Where(role => role.Value.Contains(scope)).Select(role => role.Key))} |\n");
        page.Append(
            """

            **all**: shows and takes everything. **own**: only what is the caller's, or what is nobody's in particular. **–**: closed.

            | route | scope | key for everything | key of channels | key of locations |
            |---|---|---|---|---|

            """);
        foreach (var route in Parts.SelectMany(part => part.Routes).Where(route => !IsProxied(route) && Path(route).StartsWith("/v1/", StringComparison.Ordinal))
            .OrderBy(Path, StringComparer.Ordinal).ThenBy(Name, StringComparer.Ordinal))
        {
            var access = Access(route)!;
            page.Append($"| `{Name(route)}` | `{access.Scope}` | all | {Own(access, Restrictions.Channels)} | {Own(access, Restrictions.Locations)} |\n");
        }
        return page.ToString();
    }

    private static bool IsProxied(RouteEndpoint route) => route.Metadata.GetMetadata<Yarp.ReverseProxy.Model.RouteModel>() is not null;

    private static string Own(RouteAccess access, Restrictions restriction) => access.Honors.HasFlag(restriction) ? "own" : "–";

    private static RouteAccess? Access(RouteEndpoint route) => route.Metadata.GetMetadata<RouteAccess>();

    private static string Path(RouteEndpoint route) => "/" + string.Join('/', route.RoutePattern.PathSegments.Select(segment => string.Concat(segment.Parts.Select(part =>
        part switch { RoutePatternLiteralPart literal => literal.Content, RoutePatternParameterPart parameter => $"{{{parameter.Name}}}", _ => "" }))));

    private static string Name(RouteEndpoint route) => $"{string.Join(',', route.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? [])} {Path(route)}";

    private static IReadOnlyList<RouteEndpoint> Routes(Action<WebApplicationBuilder> add, Action<WebApplication> map)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Configuration.AddInMemoryCollection(
        [
            new("Oms:ServiceTokenKey", Convert.ToBase64String(new byte[32])), new("Oms:ApiKey", "none"), new("ConnectionStrings:messaging", "loopback://localhost/"),
            new("Oms:Identity:BuiltIn", "true"),
            .. House.Services.Keys.Append("gateway").Select(service => KeyValuePair.Create($"ConnectionStrings:{service.ToLowerInvariant()}db", (string?)"Host=nowhere")),
        ]);
        builder.AddServiceDefaults();
        add(builder);
        var app = builder.Build();
        map(app);
        return [.. ((IEndpointRouteBuilder)app).DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()];
    }
}
