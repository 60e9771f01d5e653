using System.Diagnostics;

namespace Oms.AppHost.Local;

internal sealed record ShellResult(int ExitCode, string Output, string Errors)
{
    public bool Succeeded => ExitCode == 0;
}

/// <summary>Runs a tool to its end and returns what it said.</summary>
internal static class Shell
{
    private const int NotThere = 127;

    public static ShellResult Run(string tool, params string[] arguments) =>
        Run(new Command(tool, arguments), TimeSpan.FromSeconds(60)).GetAwaiter().GetResult();

    public static async Task<ShellResult> Run(Command command, TimeSpan within, CancellationToken token = default)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(token);
        timeout.CancelAfter(within);
        Process process;
        try
        {
            process = Process.Start(command.ToStartInfo())!;
        }
        catch (System.ComponentModel.Win32Exception missing)
        {
            return new(NotThere, "", missing.Message);
        }

        using (process)
        {
            process.StandardInput.Close();
            try
            {
                var output = process.StandardOutput.ReadToEndAsync(timeout.Token);
                var errors = process.StandardError.ReadToEndAsync(timeout.Token);
                await process.WaitForExitAsync(timeout.Token);
                return new(process.ExitCode, await output, await errors);
            }
            catch (OperationCanceledException) when (!token.IsCancellationRequested)
            {
                process.Kill(entireProcessTree: true);
                return new(-1, "", $"{command.File} did not answer within {within.TotalSeconds:0} s");
            }
            catch (OperationCanceledException)
            {
                process.Kill(entireProcessTree: true);
                throw;
            }
        }
    }

    public static bool Exists(string tool) => Find(tool) is not null;

    /// <summary>Where a tool lies on PATH, or in one of the other folders given.</summary>
    public static string? Find(string tool, params IEnumerable<string> folders)
    {
        var name = OperatingSystem.IsWindows() ? tool + ".exe" : tool;
        var path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        return path.Concat(folders).Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
    }
}
