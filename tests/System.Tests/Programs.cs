using System.Diagnostics;
using Oms.AppHost.Local;

namespace Oms.SystemTests;

/// <summary>The programs of the repository as an operator starts them, and waits for their end.</summary>
internal static class Programs
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    /// <summary>What has not ended by then does not end: it is killed, and its last words are told.</summary>
    public static async Task<(int ExitCode, string Output)> Run(string project, IReadOnlyDictionary<string, string?> environment, params string[] arguments)
    {
        using var process = Start(project, environment, arguments);
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        using var enough = new CancellationTokenSource(Patience);
        try
        {
            await process.WaitForExitAsync(enough.Token);
        }
        catch (OperationCanceledException endless)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{project} {string.Join(' ', arguments)} does not end. It said: {await output + await errors}", endless);
        }
        return (process.ExitCode, await output + await errors);
    }

    /// <summary>A service's program beside the running service.</summary>
    public static Task<(int ExitCode, string Output)> RunService(Platform platform, string project, params string[] arguments)
    {
        var database = $"{project.ToLowerInvariant()}db";
        return Run(
            project,
            new Dictionary<string, string?>
            {
                [$"ConnectionStrings__{database}"] = platform.ConnectionStrings[database],
                ["ConnectionStrings__messaging"] = platform.ConnectionStrings["messaging"],
                ["Oms__ServiceTokenKey"] = new DataFolder(platform.DataFolder).Secret("service-token-key"),
            },
            arguments);
    }

    /// <summary>For a program that goes on running.</summary>
    public static Process Start(string project, IReadOnlyDictionary<string, string?> environment, params string[] arguments)
    {
        var configuration = Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
        var program = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", project, configuration, $"{project}.dll"));
        var start = new ProcessStartInfo("dotnet", [program, .. arguments]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        return Process.Start(start).ShouldNotBeNull();
    }
}
