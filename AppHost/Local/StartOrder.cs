using Aspire.Hosting.ApplicationModel;

namespace Oms.AppHost.Local;

/// <summary>Starts everything as soon as what it waits for is ready, and nothing more once something has failed.</summary>
internal sealed class StartOrder(IReadOnlyList<IResource> resources, Func<IResource, CancellationToken, Task> start)
{
    private readonly Dictionary<IResource, Task> ready = new(ReferenceEqualityComparer.Instance);

    public async Task Run(CancellationToken token)
    {
        using var failure = CancellationTokenSource.CreateLinkedTokenSource(token);
        foreach (var resource in resources)
            _ = Ready(resource, failure.CancelAsync, failure.Token);
        try
        {
            await Task.WhenAll(ready.Values);
        }
        catch (OperationCanceledException) when (!token.IsCancellationRequested)
        {
            // The cause, not the cancellation of the others that followed from it.
            var cause = ready.Values.Where(task => task.IsFaulted).SelectMany(task => task.Exception!.InnerExceptions).FirstOrDefault();
            throw cause ?? new PlatformException("The start was given up.");
        }
    }

    /// <summary>Whatever the order of declaration: what is waited for is begun first.</summary>
    private Task Ready(IResource resource, Func<Task> giveUp, CancellationToken token)
    {
        if (!ready.TryGetValue(resource, out var task))
            ready[resource] = task = StartAfter([.. DependenciesOf(resource).Select(dependency => Ready(dependency, giveUp, token))], resource, giveUp, token);
        return task;
    }

    private async Task StartAfter(Task[] dependencies, IResource resource, Func<Task> giveUp, CancellationToken token)
    {
        await Task.WhenAll(dependencies);
        token.ThrowIfCancellationRequested();
        try
        {
            await start(resource, token);
        }
        catch
        {
            await giveUp();
            throw;
        }
    }

    private static List<IResource> DependenciesOf(IResource resource) => resource switch
    {
        PostgresDatabaseResource database => [database.Parent],
        ProjectResource project => project.Dependencies,
        _ => [],
    };
}
