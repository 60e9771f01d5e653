using Aspire.Hosting.ApplicationModel;
using Oms.AppHost.Local;

namespace Oms.AppHost.Tests;

public sealed class AppHostGraphTests
{
    private static readonly string[] ServiceNames = ["order", "inventory", "routing", "shipping", "returns", "customer"];
    private readonly IReadOnlyList<IResource> resources = AppHostModel.Load();

    [Fact]
    public void every_service_has_a_database_of_its_own_and_the_broker()
    {
        foreach (var name in ServiceNames)
        {
            var service = Project(name);
            service.Connections.Select(connection => connection.ConnectionName).ShouldBe([name + "db", "messaging"]);
            service.Dependencies.Select(dependency => dependency.Name).ShouldBe([name + "db", "messaging"]);
            service.HealthPath.ShouldBe("/health");
            service.Environment.ShouldHaveSingleItem().ShouldSatisfyAllConditions(
                variable => variable.Name.ShouldBe("Oms__ServiceTokenKey"),
                variable => variable.Parameter!.Name.ShouldBe("service-token-key"));
        }
    }

    [Fact]
    public void the_gateway_knows_all_services_and_is_the_only_way_in()
    {
        var gateway = Project("gateway");
        gateway.Services.Select(service => service.Name).ShouldBe(ServiceNames);
        gateway.Connections.Select(connection => connection.ConnectionName).ShouldBe(["gatewaydb"]);
        gateway.Dependencies.Select(dependency => dependency.Name).ShouldBe(["gatewaydb", .. ServiceNames]);
        gateway.Environment.Select(variable => variable.Name).ShouldBe(["Oms__ServiceTokenKey", "Oms__ApiKey"]);
        resources.OfType<ProjectResource>().Where(project => project.IsExternal).ShouldBe([gateway]);
    }

    [Fact]
    public void secrets_are_marked_as_such() => resources.OfType<ParameterResource>().ShouldAllBe(parameter => parameter.Secret);

    [Fact]
    public async Task services_start_in_parallel_and_the_gateway_last()
    {
        var started = new List<string>();
        var lastServiceArrived = new TaskCompletionSource();
        await new StartOrder(resources, async (resource, token) =>
        {
            bool all;
            lock (started)
            {
                started.Add(resource.Name);
                all = ServiceNames.All(started.Contains);
            }

            if (all)
                lastServiceArrived.TrySetResult();
            if (ServiceNames.Contains(resource.Name))
                await lastServiceArrived.Task.WaitAsync(TimeSpan.FromSeconds(10), token);
        }).Run(TestContext.Current.CancellationToken);
        started[^1].ShouldBe("gateway");
    }

    [Fact]
    public async Task the_cause_of_a_failed_start_is_what_is_reported()
    {
        var failed = await Should.ThrowAsync<PlatformException>(new StartOrder(resources, (resource, token) => resource.Name switch
        {
            "messaging" => Task.FromException(new PlatformException("no broker")),
            "postgres" => Task.Delay(Timeout.Infinite, token),
            _ => Task.CompletedTask,
        }).Run(TestContext.Current.CancellationToken));
        failed.Message.ShouldBe("no broker");
    }

    private ProjectResource Project(string name) => resources.OfType<ProjectResource>().Single(project => project.Name == name);
}
