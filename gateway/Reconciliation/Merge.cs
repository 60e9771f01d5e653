using System.Runtime.CompilerServices;
using Oms.ServiceDefaults;

namespace Oms.Gateway.Reconciliation;

/// <summary>Brings together what several services say of the same things, each in the order of the keys: one statement of each is held, however many there are.</summary>
public static class Merge
{
    public static async IAsyncEnumerable<Spoken> Of(
        string topic, IReadOnlyDictionary<string, IAsyncEnumerable<Statement>> streams, [EnumeratorCancellation] CancellationToken token)
    {
        Dictionary<string, IAsyncEnumerator<Statement>> open = [];
        try
        {
            foreach (var (service, stream) in streams)
            {
                open[service] = stream.GetAsyncEnumerator(token);
                await Next(open, service, after: null);
            }
            while (open.Count > 0)
            {
                var key = open.Values.Select(it => it.Current.Key).Min(StringComparer.Ordinal)!;
                var by = open.Where(it => it.Value.Current.Key == key).ToDictionary(it => it.Key, it => it.Value.Current);
                yield return new(topic, key, by);
                foreach (var service in by.Keys)
                    await Next(open, service, key);
            }
        }
        finally
        {
            foreach (var stream in open.Values)
                await stream.DisposeAsync();
        }
    }

    private static async Task Next(Dictionary<string, IAsyncEnumerator<Statement>> open, string service, string? after)
    {
        var stream = open[service];
        if (!await stream.MoveNextAsync())
        {
            open.Remove(service);
            await stream.DisposeAsync();
        }
        else if (string.CompareOrdinal(stream.Current.Key, after) <= 0)
        {
            // Unnoticed, it would look as if somebody did not know things.
            throw new InvalidOperationException($"{service} said {stream.Current.Key} after {after}.");
        }
    }
}
