using System.Runtime.InteropServices;

namespace Oms.AppHost.Local;

/// <summary>Where the build put the services: every project has a folder of its own beside the app host's.</summary>
internal static class ServiceBinaries
{
    /// <summary>artifacts/bin/AppHost/debug/ → artifacts/bin</summary>
    public static string DefaultFolder => Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", ".."));

    private static string Configuration => Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));

    /// <summary>The program of a project, whatever its assembly is called.</summary>
    public static string Find(string folder, string project)
    {
        var output = Path.Combine(folder, project, Configuration);
        const string suffix = ".runtimeconfig.json";
        var configuration = Directory.Exists(output) ? Directory.EnumerateFiles(output, "*" + suffix).FirstOrDefault() : null;
        return configuration is null
            ? throw new PlatformException($"{project} is not built: there is no program in {output}. Build the app host first.")
            : configuration[..^suffix.Length] + ".dll";
    }

    /// <summary>The dotnet that runs this process, so that PATH does not matter.</summary>
    public static string Dotnet()
    {
        var root = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));
        var host = Path.Combine(root, OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet");
        return File.Exists(host) ? host : "dotnet";
    }
}
