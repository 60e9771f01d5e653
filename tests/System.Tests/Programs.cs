using System.Diagnostics;

namespace Oms.SystemTests;

/// <summary>The programs of the repository as an operator starts them, and waits for their end.</summary>
internal static class Programs
{
    public static async Task<(int ExitCode, string Output)> Run(string project, IReadOnlyDictionary<string, string?> environment, params string[] arguments)
    {
        using var process = Start(project, environment, arguments);
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, await output + await errors);
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
