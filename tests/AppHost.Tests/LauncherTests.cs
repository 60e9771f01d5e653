using System.Diagnostics;
using Oms.AppHost.Local;

namespace Oms.AppHost.Tests;

/// <summary>The launcher as a person uses it: a process of its own, with stand-ins for the services.</summary>
public sealed class LauncherTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);
    private readonly DirectoryInfo temporary = Directory.CreateTempSubdirectory("oms-test-");
    private readonly int port = Ports.Free();
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task what_dies_is_started_again_what_a_dead_launcher_left_is_stopped_and_a_signal_stops_everything()
    {
        using var first = Launch();
        await Until(first, "Press Ctrl-C to stop");
        var processes = Running();
        processes.Keys.ShouldBe(["postgres", "rabbitmq", "epmd", "worker", "gateway"], ignoreOrder: true);
        Signal.Kill.Send(processes["worker"].Pid);
        await Until(first, "worker is back");

        var (left, key) = (Running().Values.ToList(), Folder.Secret("api-key"));
        Signal.Kill.Send(first.Id);
        await first.WaitForExitAsync(Token);
        using var second = Launch();
        await Until(second, "Press Ctrl-C to stop");
        left.ShouldAllBe(process => !process.IsAlive);
        using var client = new HttpClient();
        (await client.GetStringAsync(new Uri($"http://127.0.0.1:{port}/environment/Oms__ApiKey"), Token)).ShouldBe(key);

        var last = Running().Values.ToList();
        Signal.Terminate.Send(second.Id);
        await second.WaitForExitAsync(Token).WaitAsync(Patience, Token);
        second.ExitCode.ShouldBe(0);
        last.ShouldAllBe(process => !process.IsAlive);
    }

    [Theory]
    [InlineData("--help", 0)]
    [InlineData("--frobnicate", 2)]
    public async Task options_that_start_nothing(string option, int exitCode)
    {
        using var launcher = Launch(option);
        await launcher.WaitForExitAsync(Token).WaitAsync(Patience, Token);
        launcher.ExitCode.ShouldBe(exitCode);
        temporary.EnumerateFileSystemInfos().ShouldBeEmpty();
    }

    private DataFolder Folder => new(temporary.FullName);

    public void Dispose()
    {
        Leftovers.Kill(Folder);
        ClusterFolder.Of(Folder).Delete();
        temporary.Delete(recursive: true);
    }

    private static async Task Until(Process launcher, string text)
    {
        var seen = new List<string>();
        while (await launcher.StandardOutput.ReadLineAsync(Token).AsTask().WaitAsync(Patience, Token) is { } line)
        {
            seen.Add(line);
            if (line.Contains(text, StringComparison.Ordinal) && !line.Contains('│', StringComparison.Ordinal))
                return;
        }

        throw new InvalidOperationException($"'{text}' was not said:\n{string.Join('\n', seen)}\n{await launcher.StandardError.ReadToEndAsync(Token)}");
    }

    private IReadOnlyDictionary<string, ProcessIdentity> Running() => Folder.Running.Read();

    private Process Launch(params string[] options) => StandIn.Start(temporary.FullName, port, ["launch", .. options]);
}
