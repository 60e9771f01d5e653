using System.Diagnostics;
using Oms.AppHost.Local;

namespace Oms.AppHost.Tests;

/// <summary>The program in the folder of the same name, run as a process of its own.</summary>
internal static class StandIn
{
    public static Process Start(string folder, int port, params string[] arguments)
    {
        var start = new ProcessStartInfo(ServiceBinaries.Dotnet(), [ServiceBinaries.Find(ServiceBinaries.DefaultFolder, "StandIn"), .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        start.Environment["OMS_HOME"] = folder;
        start.Environment["OMS_PORT"] = $"{port}";
        return Process.Start(start)!;
    }

    /// <summary>The command lines of all living processes that name the folder.</summary>
    public static IEnumerable<string> ProcessesOn(string folder) => !Directory.Exists("/proc") ? [] : Directory.EnumerateDirectories("/proc")
        .Select(entry => int.TryParse(Path.GetFileName(entry), out var pid) ? pid : 0)
        .Where(pid => pid > 0 && ProcessIdentity.Of(pid) is not null)
        .Select(ProcessIdentity.CommandLine)
        .Where(line => line.Contains(folder, StringComparison.Ordinal));
}
