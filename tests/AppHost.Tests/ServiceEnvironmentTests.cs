using Aspire.Hosting.ApplicationModel;
using Oms.AppHost.Local;

namespace Oms.AppHost.Tests;

public sealed class ServiceEnvironmentTests
{
    private static readonly ProjectResource Order = new("order", "Order");
    private static readonly PlatformAddresses Addresses = new(
        resource => $"connection to {resource.Name}",
        service => [new($"http://127.0.0.1:1/{service}"), new($"http://127.0.0.1:2/{service}")],
        parameter => $"value of {parameter}");

    [Fact]
    public void connections_services_and_parameters_go_by_the_names_that_Aspire_uses()
    {
        var gateway = new ProjectResource("gateway", "Gateway");
        gateway.Connections.Add(new(new RabbitMQServerResource("messaging"), "messaging"));
        gateway.Services.Add(Order);
        gateway.Environment.Add(new("Oms__ApiKey", null, new("api-key", Secret: true)));
        gateway.Environment.Add(new("Oms__Mode", "plain", null));

        var environment = Of(gateway);

        environment["ConnectionStrings__messaging"].ShouldBe("connection to messaging");
        environment["services__order__http__0"].ShouldBe("http://127.0.0.1:1");
        environment["services__order__http__1"].ShouldBe("http://127.0.0.1:2");
        environment["Oms__ApiKey"].ShouldBe("value of api-key");
        environment["Oms__Mode"].ShouldBe("plain");
    }

    [Fact]
    public void a_process_knows_its_own_address_and_telemetry_name()
    {
        var environment = Of(Order);
        environment["ASPNETCORE_URLS"].ShouldBe("http://127.0.0.1:5001");
        environment["OTEL_SERVICE_NAME"].ShouldBe("order");
        environment["OTEL_RESOURCE_ATTRIBUTES"].ShouldBe("service.instance.id=one");
        environment["DOTNET_TieredPGO"].ShouldBe("0");
    }

    [Fact]
    public void it_is_development_unless_somebody_said_otherwise()
    {
        Of(Order)["ASPNETCORE_ENVIRONMENT"].ShouldBe("Development");
        Of(Order, ("DOTNET_ENVIRONMENT", "Staging"))["ASPNETCORE_ENVIRONMENT"].ShouldBe("Staging");
        Of(Order, ("ASPNETCORE_ENVIRONMENT", "Production"))["DOTNET_ENVIRONMENT"].ShouldBe("Development");
    }

    [Fact]
    public void attributes_given_from_outside_stay() =>
        Of(Order, ("OTEL_RESOURCE_ATTRIBUTES", "team=ops"))["OTEL_RESOURCE_ATTRIBUTES"].ShouldBe("team=ops,service.instance.id=one");

    private static Dictionary<string, string> Of(ProjectResource project, params (string Name, string Value)[] inherited) =>
        ServiceEnvironment.Of(project, new("http://127.0.0.1:5001"), "one", Addresses, name => inherited.FirstOrDefault(variable => variable.Name == name).Value);
}
