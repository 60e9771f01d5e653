using Oms.ServiceDefaults;

namespace Oms.Gateway.Reconciliation;

/// <summary>All that the services say about one thing.</summary>
/// <param name="By">By service; one that knows nothing of it is missing.</param>
public sealed record Spoken(string Topic, string Key, IReadOnlyDictionary<string, Statement> By)
{
    public DateTimeOffset? ChangedAt => By.Values.Max(it => it.ChangedAt);

    /// <summary>What people call it, if any service knows.</summary>
    public string Name => By.Values.Select(it => it.Name).FirstOrDefault(it => it is not null) ?? Key;
}

public enum Verdict
{
    Agrees,

    /// <summary>Perhaps the news is on its way.</summary>
    Moves,

    Differs,
}

/// <summary>Pure: who says what, and whether it is to be believed that they differ.</summary>
public static class Comparison
{
    private const string Nothing = "nothing";

    /// <summary>How many rules were checked, and where the two do not say the same.</summary>
    public static (int Checks, IReadOnlyList<Difference> Differences) Of(Spoken spoken)
    {
        var checks = 0;
        List<Difference> differences = [];
        foreach (var rule in Rules.All.Where(rule => rule.Topic == spoken.Topic))
        {
            var (expected, actual) = (Says(spoken, rule.Expected, rule.Name), Says(spoken, rule.Actual, rule.Name));
            foreach (var key in expected.Keys.Union(actual.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal))
            {
                checks++;
                var (wanted, found) = (expected.GetValueOrDefault(key, Nothing), actual.GetValueOrDefault(key, Nothing));
                if (wanted != found)
                    differences.Add(new(rule.Name, key.Length == 0 ? spoken.Name : $"{spoken.Name} {key}", wanted, found));
            }
        }
        return (checks, differences);
    }

    /// <summary>
    /// Two services are never read at the same moment. So a difference counts only when both have said the same twice, and nothing moves anywhere that could
    /// still explain it; or when it is older than any news takes.
    /// </summary>
    /// <param name="allStill">Whether no service has learned anything between the two looks, and no news waits to be sent.</param>
    public static Verdict Judge(Spoken before, Spoken after, bool allStill, TimeSpan age, TimeSpan newsTakesAtMost)
    {
        if (Of(after).Differences is not { Count: > 0 } differences)
            return Verdict.Agrees;
        var same = before.ChangedAt == after.ChangedAt && Of(before).Differences.SequenceEqual(differences);
        return same && (allStill || age > newsTakesAtMost) ? Verdict.Differs : Verdict.Moves;
    }

    private static Dictionary<string, string> Says(Spoken spoken, string service, string rule) =>
        spoken.By.TryGetValue(service, out var statement)
            ? statement.Says.Where(it => it.Rule == rule).GroupBy(it => it.Key, StringComparer.Ordinal)
                .ToDictionary(it => it.Key, it => Wording.List(it.Select(said => said.Value)), StringComparer.Ordinal)
            : [];
}
