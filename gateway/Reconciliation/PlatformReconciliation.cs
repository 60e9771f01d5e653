using System.Globalization;
using System.Security.Claims;
using Oms.ServiceDefaults;

namespace Oms.Gateway.Reconciliation;

/// <summary>What was compared in the whole platform, and what did not add up.</summary>
/// <param name="Services">What each service finds in itself.</param>
/// <param name="Across">What services say differently.</param>
/// <param name="Moving">Things that services said differently while news was on its way; nothing is said against them.</param>
public sealed record PlatformReport(
    long Checks, long DifferencesFound, IReadOnlyDictionary<string, ReconciliationReport> Services, ReconciliationReport Across, long Moving, double Seconds);

/// <summary>
/// <c>GET /v1/reconciliation</c>: asks every service what it finds in itself, and compares what they say about each other's things (docs/adr/0014). All of it
/// is read as a stream, so the size of the stores costs time and no memory.
/// </summary>
public sealed class PlatformReconciliation(ServiceStatements services, TimeProvider clock)
{
    /// <summary>Differences that are looked at again; more than that say nothing new about what is wrong.</summary>
    private const int DoubtfulMax = 10_000;
    private const int KeysPerQuestion = 500;
    private const int LooksMax = 20;

    /// <summary>As many looks in a row without any movement: a message that is tried again waits up to three seconds.</summary>
    private const int StillLooks = 4;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>After a bulk import, orders wait their turn for minutes.</summary>
    private static readonly TimeSpan NewsTakesAtMost = TimeSpan.FromMinutes(30);

    public static async Task<IResult> Answer(PlatformReconciliation reconciliation, HttpContext context, CancellationToken token)
    {
        try
        {
            return TypedResults.Ok(await reconciliation.Run(context.User, token));
        }
        catch (ServiceAwayException away)
        {
            context.Response.Headers.RetryAfter = Pause.TotalSeconds.ToString(CultureInfo.InvariantCulture);
            return TypedResults.Problem(Problems.Problem(
                503, "service-unavailable", $"The {away.Service} service could not be asked, and without it there is no whole report. Try again."));
        }
    }

    private async Task<PlatformReport> Run(ClaimsPrincipal caller, CancellationToken token)
    {
        var begun = clock.GetTimestamp();
        var names = services.Services;
        var reports = await Task.WhenAll(names.Select(service => services.Report(service, caller, token)));
        var across = new Findings();
        var (doubtful, unjudged) = await LookAtAll(across, caller, token);
        var moving = unjudged + await LookAgain(doubtful, across, caller, token);
        return new(
            reports.Sum(it => it.Checks) + across.Checks, reports.Sum(it => it.DifferencesFound) + across.DifferencesFound,
            names.Zip(reports).ToDictionary(it => it.First, it => it.Second), across.ToReport(), moving, Math.Round(clock.GetElapsedTime(begun).TotalSeconds, 3));
    }

    private async Task<(List<Spoken> Doubtful, long Unjudged)> LookAtAll(Findings across, ClaimsPrincipal caller, CancellationToken token)
    {
        List<Spoken> doubtful = [];
        var unjudged = 0L;
        foreach (var topic in Rules.Topics)
        {
            var streams = Rules.ServicesOf(topic).ToDictionary(service => service, service => services.About(service, topic, null, caller, token));
            await foreach (var spoken in Merge.Of(topic, streams, token))
            {
                var (checks, differences) = Comparison.Of(spoken);
                across.Checked(checks);
                if (differences.Count > 0 && doubtful.Count < DoubtfulMax)
                    doubtful.Add(spoken);
                else if (differences.Count > 0)
                    unjudged++;
            }
        }
        return (doubtful, unjudged);
    }

    /// <summary>Answers how many did not stand still for as long as it was looked at them.</summary>
    private async Task<int> LookAgain(List<Spoken> doubtful, Findings across, ClaimsPrincipal caller, CancellationToken token)
    {
        var (before, still) = (await Positions(caller, token), 0);
        for (var look = 0; look < LooksMax && doubtful.Count > 0; look++)
        {
            await Task.Delay(Pause, clock, token);
            List<Spoken> left = [];
            var again = await Again(doubtful, caller, token);
            var now = await Positions(caller, token);
            still = now.SequenceEqual(before) && now.All(it => it.Unsent == 0) ? still + 1 : 0;
            before = now;
            foreach (var (first, second) in doubtful.Zip(again))
            {
                var verdict = Comparison.Judge(first, second, still >= StillLooks, clock.GetUtcNow() - (second.ChangedAt ?? DateTimeOffset.MinValue), NewsTakesAtMost);
                if (verdict == Verdict.Moves)
                    left.Add(second);
                foreach (var difference in verdict == Verdict.Differs ? Comparison.Of(second).Differences : [])
                    across.Add(difference);
            }
            doubtful = left;
        }
        return doubtful.Count;
    }

    private async Task<IReadOnlyList<Spoken>> Again(IReadOnlyList<Spoken> doubtful, ClaimsPrincipal caller, CancellationToken token)
    {
        Dictionary<(string Topic, string Key), Spoken> found = [];
        foreach (var ofTopic in doubtful.GroupBy(it => it.Topic))
            foreach (var keys in ofTopic.Select(it => it.Key).Chunk(KeysPerQuestion))
            {
                var streams = Rules.ServicesOf(ofTopic.Key).ToDictionary(service => service, service => services.About(service, ofTopic.Key, keys, caller, token));
                await foreach (var spoken in Merge.Of(ofTopic.Key, streams, token))
                    found[(spoken.Topic, spoken.Key)] = spoken;
            }
        return [.. doubtful.Select(it => found.GetValueOrDefault((it.Topic, it.Key)) ?? it with { By = new Dictionary<string, Statement>() })];
    }

    private Task<Position[]> Positions(ClaimsPrincipal caller, CancellationToken token) =>
        Task.WhenAll(services.Services.Select(service => services.Position(service, caller, token)));
}
