using System.Diagnostics;

namespace Oms.AppHost.Local;

/// <summary>One process that is kept running: what dies is started again, on the same port, until it is stopped on purpose.</summary>
public sealed class SupervisedProcess : IAsyncDisposable
{
    private readonly ProcessPlan plan;
    private readonly RunningProcesses running;
    private readonly Action<string> say;
    private CancellationTokenSource stopping = new();
    private Task supervising = Task.CompletedTask;
    private volatile Life life = new();

    internal SupervisedProcess(ProcessPlan plan, RunningProcesses running, int port, Action<string> say)
    {
        this.plan = plan;
        this.running = running;
        this.say = say;
        Port = port;
    }

    public string Name => plan.Name;

    public int Port { get; }

    /// <summary>Of the process that runs now; 0 while none does.</summary>
    public int Pid => life.Process is { HasExited: false } process ? plan.MainPid(process.Id) : 0;

    /// <summary>How often it was started so far.</summary>
    public int Starts { get; private set; }

    /// <summary>Completes when it answers; a process that cannot be started at all throws with the end of its log.</summary>
    public async Task Start(CancellationToken token = default)
    {
        if (!supervising.IsCompleted)
        {
            await WaitUntilReady(token);
            return;
        }

        stopping = new();
        NextLife();
        var first = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        supervising = Task.Run(() => Supervise(first, stopping.Token), CancellationToken.None);
        await first.Task.WaitAsync(token);
    }

    /// <summary>Waits until it answers (again).</summary>
    public async Task WaitUntilReady(CancellationToken token = default)
    {
        while (true)
        {
            var current = life;
            if (await Task.WhenAny(current.Ready.Task, current.Gone.Task).WaitAsync(token) == current.Ready.Task && current == life)
                return;
            await Wait.Until(() => life != current, TimeSpan.FromMinutes(1), token);
        }
    }

    /// <summary>SIGKILL, as a crash would do it. Returns when it is dead, at once if it is; the supervisor starts it again.</summary>
    public async Task Kill(CancellationToken token = default)
    {
        var current = life;
        if (current.Process is not { HasExited: false })
            return;
        KillNow();
        await current.Gone.Task.WaitAsync(token);
    }

    /// <summary>SIGKILL, and it stays down until <see cref="Start"/>: what is left has to do without it.</summary>
    public async Task KillForGood()
    {
        await stopping.CancelAsync();
        await supervising;
        await KillAndWait();
        await Ended();
    }

    public async Task Restart(CancellationToken token = default)
    {
        await Stop();
        await Start(token);
    }

    /// <summary>Asks it to end, insists after a while, and leaves it down until <see cref="Start"/>.</summary>
    /// <returns>Whether it ran, and ended in good order without being killed.</returns>
    public async Task<bool> Stop(TimeSpan? within = null)
    {
        if (stopping.IsCancellationRequested)
            return false;
        await stopping.CancelAsync();
        await supervising;
        var process = life.Process;
        if (process is { HasExited: false })
        {
            var pid = plan.MainPid(process.Id);
            if (ProcessIdentity.Of(pid) is { } main)
                await Signals.Stop(main, plan.StopSignal, within ?? plan.StopWithin);
            if (pid != process.Id && ProcessIdentity.Of(process.Id) is { } wrapper)
                await Signals.Stop(wrapper, Signal.Terminate, TimeSpan.FromSeconds(1));
            // It is gone; that its exit code is known takes a moment more.
            await process.WaitForExitAsync(CancellationToken.None);
        }

        await Ended();
        return process is { ExitCode: 0 };
    }

    public async ValueTask DisposeAsync()
    {
        await Stop();
        stopping.Dispose();
    }

    /// <summary>Leaves it running without looking after it.</summary>
    internal async Task Detach()
    {
        await stopping.CancelAsync();
        await supervising;
    }

    internal void KillNow()
    {
        if (life.Process is { HasExited: false } process)
        {
            Signal.Kill.Send(plan.MainPid(process.Id));
            Signal.Kill.Send(process.Id);
        }
    }

    /// <summary>Never throws: what goes wrong before the first readiness is told to the starter, the rest is said and tried again.</summary>
    private async Task Supervise(TaskCompletionSource first, CancellationToken stop)
    {
        var backoff = new RestartBackoff();
        for (var attempt = 1; ; attempt++)
        {
            var begun = TimeProvider.System.GetTimestamp();
            var end = await LiveOnce(first, stop);
            if (stop.IsCancellationRequested)
            {
                first.TrySetCanceled(CancellationToken.None);
                return;
            }

            await KillAndWait();
            if (!first.Task.IsCompleted && attempt >= plan.Attempts)
            {
                first.TrySetException(new PlatformException($"{Name} could not be started: {end}.{Environment.NewLine}{LogTail.Of(plan.LogFile)}"));
                return;
            }

            var delay = backoff.Next(TimeProvider.System.GetElapsedTime(begun));
            say($"{Name} {end}; starting it again{(delay > TimeSpan.Zero ? $" in {delay.TotalSeconds:0} s" : "")}");
            NextLife();
            await Wait.Pause(delay, stop).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }
    }

    /// <summary>One life of the process; the answer is how it ended.</summary>
    private async Task<string> LiveOnce(TaskCompletionSource first, CancellationToken stop)
    {
        try
        {
            stop.ThrowIfCancellationRequested();
            await plan.BeforeStart(stop);
            var process = life.Process = await Launch();
            Starts++;
            if (ProcessIdentity.Of(process.Id) is { } identity)
                running.Add(Name, identity);
            var exited = process.WaitForExitAsync(stop);
            var within = first.Task.IsCompleted ? TimeSpan.MaxValue : plan.ReadyWithin;
            if (!await Wait.Until(async () => exited.IsCompleted || await plan.IsReady(stop), within, stop))
                return $"was not ready within {within.TotalSeconds:0} s";
            if (!exited.IsCompleted)
                Announce(first);
            await exited;
            return $"(process {process.Id}) ended with exit code {process.ExitCode}";
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return "was stopped";
        }
        catch (Exception failed)
        {
            return failed is PlatformException ? failed.Message : failed.ToString();
        }
    }

    private void Announce(TaskCompletionSource first)
    {
        if (first.Task.IsCompleted)
            say($"{Name} is back (process {Pid})");
        life.Ready.TrySetResult();
        first.TrySetResult();
    }

    private async Task Ended()
    {
        await plan.AfterStop();
        running.Remove(Name);
        NextLife();
    }

    private async Task KillAndWait()
    {
        KillNow();
        if (life.Process is { } process)
            await process.WaitForExitAsync(CancellationToken.None);
    }

    private void NextLife()
    {
        var last = life;
        life = new();
        last.Gone.TrySetResult();
    }

    private async Task<Process> Launch()
    {
        var command = plan.Command;
        if (plan.DeathSignal is { } signal)
            command = command.DyingWithLauncher(signal);
        command = command.AsItsUser();
        if (plan.OnLine is null)
            command = command.LoggingTo(plan.LogFile);
        var process = await Spawner.Start(command.Detached().ToStartInfo());
        _ = Pump(process.StandardOutput);
        _ = Pump(process.StandardError);
        return process;
    }

    private async Task Pump(StreamReader reader)
    {
        while (await reader.ReadLineAsync() is { } line)
            plan.OnLine?.Invoke(line);
    }

    private sealed class Life
    {
        public Process? Process { get; set; }

        public TaskCompletionSource Ready { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Gone { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
