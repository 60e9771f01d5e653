using System.Runtime.InteropServices;
using Oms.AppHost.Local;
using Oms.Bench.Load;
using Oms.Bench.Measuring;
using Oms.Bench.Scenarios;
using Spectre.Console;

namespace Oms.Bench;

internal static class Runner
{
    private const int Fine = 0;
    private const int Failed = 1;
    private const int Misused = 2;
    private const int Interrupted = 130;
    private const int LogWidth = 180;

    private static readonly IScenario[] Scenarios = 
    [
        new Place(), new Lifecycle(), new Import(), new Read(), new HotSku(), new Rebuild(), new Scale(), new Start(), new Route(), new MicroParts(),
    ];

    public static async Task<int> Run(string[] args, TimeProvider clock)
    {
        using var stop = new CancellationTokenSource();
        using var signals = new Signals(stop);
        try
        {
            var options = BenchOptions.Parse(args);
            if (options.Help)
            {
                await Console.Out.WriteLineAsync(BenchOptions.HelpText);
                return Fine;
            }
            var wanted = Scenarios.Where(scenario => options.Scenario == scenario.Name || options.Scenario == "all").ToList();
            return wanted.Count == 0 ? throw new UsageException($"There is no scenario '{options.Scenario}'.") : await Run(wanted, options, clock, stop.Token);
        }
        catch (UsageException misuse)
        {
            await Console.Error.WriteLineAsync($"{misuse.Message} --help says what there is.");
            return Misused;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            await Console.Error.WriteLineAsync("Stopped.");
            return Interrupted;
        }
    }

    private static async Task<int> Run(IReadOnlyList<IScenario> scenarios, BenchOptions options, TimeProvider clock, CancellationToken token)
    {
        // Tables are for logs, too, which have no width.
        if (Console.IsOutputRedirected)
            AnsiConsole.Profile.Width = LogWidth;
        var report = new Report(AnsiConsole.Console, options.JsonFile);
        foreach (var scenario in scenarios)
        {
            report.Begin(scenario.Name);
            await using var ground = new Ground(options, report.Say, clock);
            try
            {
                await scenario.Run(new(options, ground, report, clock), token);
            }
            catch (Exception failed) when (failed is not OperationCanceledException)
            {
                // What one scenario has measured is not lost because another one broke.
                report.Fail($"{scenario.Name}: {(failed is BenchException or PlatformException ? failed.Message : failed)}");
            }
            await report.Conclude(token);
        }
        return report.HasFailed ? Failed : Fine;
    }

    private sealed class Signals(CancellationTokenSource stop) : IDisposable
    {
        private readonly List<PosixSignalRegistration> registrations = [.. new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP }
            .Select(signal => PosixSignalRegistration.Create(signal, context =>
            {
                context.Cancel = true;
                stop.Cancel();
            }))];

        public void Dispose() => registrations.ForEach(registration => registration.Dispose());
    }
}

/// <summary>Something without which there is no figure.</summary>
internal sealed class BenchException(string message) : Exception(message);
