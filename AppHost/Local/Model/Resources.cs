// What an app host describes, as plain data. Names and namespaces are Aspire's, so that AppHost.cs compiles against either.
namespace Aspire.Hosting.ApplicationModel;

public interface IResource
{
    string Name { get; }
}

public interface IResourceWithWaitSupport : IResource;

public interface IResourceWithEnvironment : IResource;

public interface IResourceWithEndpoints : IResource;

public interface IResourceWithServiceDiscovery : IResourceWithEndpoints;

public interface IResourceWithConnectionString : IResource;

public interface IResourceBuilder<out T>
    where T : IResource
{
    T Resource { get; }

    IDistributedApplicationBuilder ApplicationBuilder { get; }
}

public sealed record ParameterResource(string Name, bool Secret) : IResource;

public sealed record PostgresServerResource(string Name) : IResourceWithConnectionString;

public sealed record PostgresDatabaseResource(string Name, string DatabaseName, PostgresServerResource Parent) : IResourceWithConnectionString;

public sealed record RabbitMQServerResource(string Name) : IResourceWithConnectionString;

public sealed record ConnectionReference(IResourceWithConnectionString Source, string ConnectionName);

/// <summary>A variable of a service's environment: a text, or the value of a parameter.</summary>
public sealed record EnvironmentVariable(string Name, string? Text, ParameterResource? Parameter);

public sealed class ProjectResource(string name, string project) : IResourceWithEnvironment, IResourceWithWaitSupport, IResourceWithServiceDiscovery
{
    public string Name { get; } = name;

    /// <summary>The project file's name without extension, which is also its folder under the build's output.</summary>
    public string Project { get; } = project;

    public List<ConnectionReference> Connections { get; } = [];

    public List<IResourceWithServiceDiscovery> Services { get; } = [];

    public List<IResource> Dependencies { get; } = [];

    public List<EnvironmentVariable> Environment { get; } = [];

    public string HealthPath { get; set; } = "/";

    public int Replicas { get; set; } = 1;

    /// <summary>Meant for callers from outside: listens on the platform's own port.</summary>
    public bool IsExternal { get; set; }
}
