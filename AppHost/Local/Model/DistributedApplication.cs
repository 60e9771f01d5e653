using Aspire.Hosting.ApplicationModel;
using Oms.AppHost.Local;

namespace Aspire.Hosting;

public interface IProjectMetadata
{
    string ProjectPath { get; }
}

public interface IDistributedApplicationBuilder
{
    IReadOnlyList<IResource> Resources { get; }

    IResourceBuilder<T> AddResource<T>(T resource)
        where T : IResource;

    DistributedApplication Build();
}

public sealed class DistributedApplication
{
    /// <summary>Set while an app host is only read: its graph is handed over instead of being run.</summary>
    private static readonly AsyncLocal<Action<IReadOnlyList<IResource>>?> Reader = new();

    private readonly IReadOnlyList<IResource> resources;
    private readonly string[] args;

    internal DistributedApplication(IReadOnlyList<IResource> resources, string[] args)
    {
        this.resources = resources;
        this.args = args;
    }

    public static IDistributedApplicationBuilder CreateBuilder(string[] args) => new DistributedApplicationBuilder(args);

    /// <summary>Returns when the platform has stopped; the outcome is the process's exit code.</summary>
    public void Run()
    {
        if (Reader.Value is { } read)
            read(resources);
        else
            Environment.ExitCode = Launcher.Run(resources, args).GetAwaiter().GetResult();
    }

    /// <summary>Calls an app host's entry point to learn what it describes, without starting anything.</summary>
    internal static IReadOnlyList<IResource> Read(Action entryPoint)
    {
        IReadOnlyList<IResource>? read = null;
        Reader.Value = resources => read = resources;
        try
        {
            entryPoint();
        }
        finally
        {
            Reader.Value = null;
        }

        return read ?? throw new PlatformException("The app host did not build and run an application.");
    }
}

internal sealed class DistributedApplicationBuilder(string[] args) : IDistributedApplicationBuilder
{
    private readonly List<IResource> resources = [];

    public IReadOnlyList<IResource> Resources => resources;

    public IResourceBuilder<T> AddResource<T>(T resource)
        where T : IResource
    {
        if (resources.Exists(known => known.Name.Equals(resource.Name, StringComparison.OrdinalIgnoreCase)))
            throw new PlatformException($"Two resources are named '{resource.Name}'.");
        resources.Add(resource);
        return new ResourceBuilder<T>(resource, this);
    }

    public DistributedApplication Build() => new(resources, args);

    private sealed record ResourceBuilder<T>(T Resource, IDistributedApplicationBuilder ApplicationBuilder) : IResourceBuilder<T>
        where T : IResource;
}
