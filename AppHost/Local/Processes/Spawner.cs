using System.Collections.Concurrent;
using System.Diagnostics;

namespace Oms.AppHost.Local;

/// <summary>
/// Starts every long-lived child from one thread that never ends: Linux sends the parent-death signal when the thread that
/// started the child ends, and a thread of the pool ends whenever it is idle for a while.
/// </summary>
internal static class Spawner
{
    private static readonly BlockingCollection<Action> Work = StartThread();

    private static volatile bool closed;

    /// <summary>From here on nothing is started any more.</summary>
    public static void Close() => closed = true;

    public static Task<Process> Start(ProcessStartInfo info)
    {
        var started = new TaskCompletionSource<Process>(TaskCreationOptions.RunContinuationsAsynchronously);
        Work.Add(() =>
        {
            try
            {
                ObjectDisposedException.ThrowIf(closed, typeof(Spawner));
                var process = Process.Start(info)!;
                process.StandardInput.Close();
                started.SetResult(process);
            }
            catch (Exception failed)
            {
                started.SetException(failed);
            }
        });
        return started.Task;
    }

    private static BlockingCollection<Action> StartThread()
    {
        var work = new BlockingCollection<Action>();
        new Thread(() =>
        {
            foreach (var action in work.GetConsumingEnumerable())
                action();
        }) { IsBackground = true, Name = "Spawner" }.Start();
        return work;
    }
}
