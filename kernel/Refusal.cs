using System.Collections.Immutable;

namespace Oms.Kernel;

/// <summary>Which kind of "no" a person gets. The translation to HTTP is the shell's.</summary>
public enum RefusalKind
{
    /// <summary>It does not exist, or not for the one who asks.</summary>
    NotFound,

    /// <summary>Well-formed, but wrong.</summary>
    Invalid,

    /// <summary>Right, but the state of things forbids it.</summary>
    Conflict,

    /// <summary>Decided upon a version that is no longer the newest.</summary>
    Stale,
}

/// <summary>An expected "no". <paramref name="Code"/> is stable and becomes the problem's type: <c>/problems/{code}</c>.</summary>
/// <param name="Kind">Who has to do what about it.</param>
/// <param name="Code">Stable, lower-case, words joined by hyphens.</param>
/// <param name="Detail">One sentence for people, with the numbers that matter.</param>
public sealed record Refusal(RefusalKind Kind, string Code, string Detail)
{
    /// <summary>Which inputs are wrong, by path; each with its reasons.</summary>
    public ImmutableSortedDictionary<string, string[]> Errors { get; init; } = ImmutableSortedDictionary<string, string[]>.Empty;

    public static Refusal NotFound(string code, string detail) => new(RefusalKind.NotFound, code, detail);

    public static Refusal Invalid(string code, string detail) => new(RefusalKind.Invalid, code, detail);

    public static Refusal Conflict(string code, string detail) => new(RefusalKind.Conflict, code, detail);
}

/// <summary>Collects what is wrong with an input, path by path, so that the sender hears all of it at once.</summary>
public sealed class Complaints
{
    private readonly SortedDictionary<string, List<string>> byPath = new(StringComparer.Ordinal);

    public bool Any => byPath.Count > 0;

    public Complaints If(bool wrong, string path, string reason)
    {
        if (wrong)
        {
            if (!byPath.TryGetValue(path, out var reasons))
                byPath[path] = reasons = [];
            reasons.Add(reason);
        }
        return this;
    }

    /// <summary>All complaints as one refusal, or null when there are none.</summary>
    public Refusal? ToRefusal(string code, string detail) => !Any ? null : Refusal.Invalid(code, detail) with
    {
        Errors = byPath.ToImmutableSortedDictionary(it => it.Key, it => it.Value.ToArray()),
    };
}
