using System.Reflection;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;

namespace Oms.AppHost.Local;

public static class AppHostModel
{
    /// <summary>What AppHost.cs describes. The calling project references AppHost.</summary>
    public static IReadOnlyList<IResource> Load()
    {
        var entryPoint = Assembly.Load("AppHost").EntryPoint!;
        return DistributedApplication.Read(() => entryPoint.Invoke(null, [Array.Empty<string>()]));
    }
}
