using Aspire.Hosting.ApplicationModel;
using Oms.AppHost.Local;
using YamlDotNet.Serialization;

namespace Oms.AppHost.Tests;

/// <summary>What is deployed is what <c>AppHost.cs</c> describes.</summary>
public sealed class DeployTests
{
    private static readonly IReadOnlyList<ProjectResource> Projects = [.. AppHostModel.Load().OfType<ProjectResource>()];
    private static readonly Dictionary<object, object> Compose = Read("compose.yaml");

    [Fact]
    public void compose_runs_every_project_and_the_servers_they_need()
    {
        string[] servers = ["postgres", "messaging"];
        Keys(Compose["services"]).ShouldBe(servers.Concat(Projects.SelectMany(it => (string[])[$"{it.Name}-db", it.Name])), ignoreOrder: true);
    }

    [Fact]
    public void each_knows_what_it_is_connected_to_and_nothing_else()
    {
        foreach (var project in Projects)
        {
            var service = Service(project.Name);
            Secrets(service).ShouldBe(
                project.Connections.Select(it => $"ConnectionStrings__{it.ConnectionName}").Concat(project.Environment.Select(it => it.Name)), ignoreOrder: true, project.Name);
            Keys(service["environment"]).Where(it => it.StartsWith("services__", StringComparison.Ordinal))
                .ShouldBe(project.Services.Select(it => $"services__{it.Name}__http__0"), ignoreOrder: true, project.Name);
            foreach (var to in project.Services)
                ((Dictionary<object, object>)service["environment"])[$"services__{to.Name}__http__0"].ShouldBe($"http://{to.Name}:8080");
        }
    }

    [Fact]
    public void each_waits_for_its_database_to_be_brought_up_to_date_and_for_what_it_depends_on()
    {
        foreach (var project in Projects)
        {
            var servers = project.Dependencies.Select(it => it is PostgresDatabaseResource database ? database.Parent.Name : it.Name).Distinct();
            Keys(Service(project.Name)["depends_on"]).ShouldBe(servers.Append($"{project.Name}-db"), ignoreOrder: true, project.Name);
            var database = Service($"{project.Name}-db");
            ((List<object>)database["command"]).ShouldBe(["db-apply"]);
            database["image"].ShouldBe(Service(project.Name)["image"]);
            Secrets(database).ShouldBe(Secrets(Service(project.Name)));
        }
    }

    [Fact]
    public void each_is_asked_how_it_is_where_it_answers() => Projects.ShouldAllBe(project =>
        string.Concat(((List<object>)((Dictionary<object, object>)Service(project.Name)["healthcheck"])["test"]).OfType<string>()).Contains($"GET {project.HealthPath} "));

    [Fact]
    public void only_the_gateway_is_reached_from_outside_and_only_the_others_may_be_several()
    {
        Projects.Where(it => Service(it.Name).ContainsKey("ports")).ShouldBe(Projects.Where(it => it.IsExternal));
        foreach (var project in Projects.Where(it => !it.IsExternal))
            ((Dictionary<object, object>)Service(project.Name)["deploy"])["replicas"].ShouldBe($"${{OMS_REPLICAS_{project.Name.ToUpperInvariant()}:-{project.Replicas}}}");
    }

    [Fact]
    public void every_secret_is_made_and_every_database_created()
    {
        var script = File.ReadAllText(Path.Combine(Folder, "secrets.sh"));
        foreach (var secret in Keys(Compose["secrets"]))
            script.ShouldContain(secret.EndsWith("db", StringComparison.Ordinal) ? $" {secret[..^2]}" : $"keep {secret} ");
        var databases = File.ReadAllText(Path.Combine(Folder, "postgres", "databases.sql"));
        foreach (var database in Projects.SelectMany(it => it.Connections).Select(it => it.Source).OfType<PostgresDatabaseResource>())
            databases.ShouldContain($"create database {database.DatabaseName};");
    }

    private static string Folder => Path.Combine(DataFolder.RepositoryRoot(), "deploy");

    private static Dictionary<object, object> Read(string file)
    {
        var parser = new YamlDotNet.Core.MergingParser(new YamlDotNet.Core.Parser(new StringReader(File.ReadAllText(Path.Combine(Folder, file)))));
        return new DeserializerBuilder().Build().Deserialize<Dictionary<object, object>>(parser);
    }

    private static Dictionary<object, object> Service(string name) => (Dictionary<object, object>)((Dictionary<object, object>)Compose["services"])[name];

    private static List<string> Keys(object map) => [.. ((Dictionary<object, object>)map).Keys.Cast<string>()];

    private static List<string> Secrets(Dictionary<object, object> service) => [.. ((List<object>)service["secrets"]).Cast<Dictionary<object, object>>().Select(it => (string)it["target"])];
}
