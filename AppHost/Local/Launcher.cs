using System.Runtime.InteropServices;
using Aspire.Hosting.ApplicationModel;
using Oms.Sample;

namespace Oms.AppHost.Local;

/// <summary>The command line: starts the platform, shows it, and stops it when asked to.</summary>
internal static class Launcher
{
    private const int Fine = 0;
    private const int Failed = 1;
    private const int Misused = 2;
    private const int Interrupted = 130;
    private const int DefaultPort = 8080;

    public static async Task<int> Run(IReadOnlyList<IResource> resources, string[] args)
    {
        try
        {
            var services = resources.OfType<ProjectResource>().ToList();
            var options = LauncherOptions.Parse(args, services);
            if (options.Help)
            {
                await Console.Out.WriteLineAsync(LauncherOptions.HelpText);
                return Fine;
            }

            if (options.Redrive)
            {
                await RedriveCommand.Run(new(DataFolder.DefaultPath()), options.RedriveQueue, Console.Out, CancellationToken.None);
                return Fine;
            }

            if (options.BackupTo is { } backup)
            {
                await Backup.Take(new(DataFolder.DefaultPath()), backup, Console.Out, CancellationToken.None);
                return Fine;
            }

            if (options.Sample && !File.Exists(SampleFile(options)))
                throw new UsageException($"There is no file {SampleFile(options)}.");

            var board = Board.ForConsole([.. services.Select(service => service.Name)]);
            var platform = new PlatformOptions
            {
                Resources = resources,
                Replicas = options.Replicas,
                Port = Port(),
                Say = board.Say,
                Line = options.Quiet ? (_, _) => { } : board.Line,
            };
            return await Run(platform, options, board);
        }
        catch (UsageException misuse)
        {
            await Console.Error.WriteLineAsync($"{misuse.Message} --help says what there is.");
            return Misused;
        }
        catch (PlatformException problem)
        {
            await Console.Error.WriteLineAsync(problem.Message);
            return Failed;
        }
    }

    private static async Task<int> Run(PlatformOptions platformOptions, LauncherOptions options, Board board)
    {
        using var stop = new CancellationTokenSource();
        using var signals = new StopSignals(stop, board, platformOptions.Folder);
        var begun = TimeProvider.System.GetTimestamp();
        try
        {
            var folder = new DataFolder(platformOptions.Folder);
            if (options.Verify && folder.RunningGateway() is { } running)
                return await Verification.Run(running, folder.Secret("api-key"), options.ReportFile, board.Say, stop.Token);
            if (options.OpenApi && folder.RunningGateway() is { } described)
                return await Describe(described, options, board, stop.Token);
            var restored = options.RestoreFrom is { } backup ? await Backup.Place(backup, folder, board.Say) : (DateTimeOffset?)null;
            board.Say($"Starting the platform; everything it keeps is in {Path.GetFullPath(platformOptions.Folder)}");
            await using var platform = await Platform.Start(platformOptions, stop.Token);
            board.Say($"Everything is healthy after {TimeProvider.System.GetElapsedTime(begun).TotalSeconds:0.0} s.");
            board.Table(Rows(platform));
            if (restored is { } taken)
            {
                await platform.Retell(taken - Backup.Margin, stop.Token);
                if (await Verification.Run(platform.Gateway, platform.ApiKey, options.ReportFile, board.Say, stop.Token) is var compared and not Fine)
                    return compared;
            }
            if (options.Sample)
                return await RunSample(platform.Describe(), options, stop.Token);
            if (options.Verify)
            {
                await Verification.WaitForQuiet(platform.Servers, board.Say, stop.Token);
                return await Verification.Run(platform.Gateway, platform.ApiKey, options.ReportFile, board.Say, stop.Token);
            }
            if (options.OpenApi)
                return await Describe(platform.Gateway, options, board, stop.Token);
            board.Say("Press Ctrl-C to stop");
            await Wait.Pause(Timeout.InfiniteTimeSpan, stop.Token);
            return Fine;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            board.Say("Stopped.");
            return options.Sample || options.Verify || options.OpenApi || options.RestoreFrom is not null ? Interrupted : Fine;
        }
    }

    private static Task<int> Describe(Uri gateway, LauncherOptions options, Board board, CancellationToken token) =>
        DescribeCommand.Run(gateway, options.OpenApiFile ?? DescribeCommand.DefaultPath, options.Breaking, board.Say, token);

    private static Task<int> RunSample(RunningPlatform platform, LauncherOptions options, CancellationToken token) =>
        SampleRun.Run(platform.Gateway, platform.ApiKey, SampleFile(options), options.ReportFile, platform.CountErrorQueueMessages, token);

    private static string SampleFile(LauncherOptions options) =>
        options.SampleFile ?? Path.Combine(DataFolder.RepositoryRoot(), "samples", "superstore-orders.csv");

    private static List<(string Name, string Value)> Rows(Platform platform)
    {
        var gateway = platform.Gateway.GetLeftPart(UriPartial.Authority);
        return
        [
            ("gateway", gateway),
            ("  reference", $"{gateway}/scalar"),
            ("  OpenAPI", $"{gateway}/openapi/v1.json"),
            ("  health", $"{gateway}/health"),
            .. platform.Services
                .Where(service => service.Address != platform.Gateway)
                .Select(service => (service.Process.Name, service.Address.GetLeftPart(UriPartial.Authority))),
            ("PostgreSQL", $"127.0.0.1:{platform.Servers.Postgres.Port}, user oms"),
            ("RabbitMQ", $"127.0.0.1:{platform.Servers.Rabbit?.Port}, user oms"),
            ("logs, secrets", platform.DataFolder),
            ("API key", platform.ApiKey),
        ];
    }

    private static int Port()
    {
        var text = Environment.GetEnvironmentVariable("OMS_PORT");
        if (string.IsNullOrEmpty(text))
            return DefaultPort;
        return int.TryParse(text, out var port) && port is > 0 and < 65_536 ? port : throw new UsageException($"OMS_PORT is '{text}', which is no port.");
    }

    /// <summary>The first Ctrl-C (or SIGTERM) asks, the second one does not.</summary>
    private sealed class StopSignals : IDisposable
    {
        private readonly List<PosixSignalRegistration> registrations;
        private int received;

        public StopSignals(CancellationTokenSource stop, Board board, string folder) =>
            registrations = [.. new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP, PosixSignal.SIGQUIT }.Select(signal =>
                PosixSignalRegistration.Create(signal, context =>
                {
                    context.Cancel = true;
                    if (Interlocked.Increment(ref received) > 1)
                    {
                        Spawner.Close();
                        Leftovers.Kill(new(folder));
                        Environment.Exit(Interrupted);
                    }

                    board.Say("Stopping … (once more kills everything at once)");
                    stop.Cancel();
                }))];

        public void Dispose() => registrations.ForEach(registration => registration.Dispose());
    }
}
