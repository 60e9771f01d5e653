namespace Oms.AppHost.Local;

/// <summary>Everything the supervisor needs to know about one process: how to start it, when it is ready, how to stop it.</summary>
internal sealed record ProcessPlan(string Name, Command Command)
{
    public required Func<CancellationToken, Task<bool>> IsReady { get; init; }

    public required string LogFile { get; init; }

    /// <summary>Null when the process writes its log file by itself.</summary>
    public Action<string>? OnLine { get; init; }

    public TimeSpan ReadyWithin { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>How often the first start may die before it counts as failed.</summary>
    public int Attempts { get; init; } = 1;

    public Signal StopSignal { get; init; } = Signal.Terminate;

    public TimeSpan StopWithin { get; init; } = TimeSpan.FromSeconds(4);

    /// <summary>The process to signal: not the child itself where a tool that changes the user stands between.</summary>
    public Func<int, int> MainPid { get; init; } = child => child;

    /// <summary>What it receives when the launcher is gone without having stopped it; null lets it live on.</summary>
    public Signal? DeathSignal { get; init; } = Signal.Kill;

    public Func<CancellationToken, Task> BeforeStart { get; init; } = _ => Task.CompletedTask;

    public Func<Task> AfterStop { get; init; } = () => Task.CompletedTask;
}
