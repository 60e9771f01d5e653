using System.Runtime.CompilerServices;
using System.Text.Json;
using Oms.Client;

namespace Oms.Sample;

/// <summary>An answer of the API: what was asked for, or why not.</summary>
internal sealed record Answer<T>(Patience.Course Course, T? Body, Problem? Problem) where T : class
{
    public bool IsRefused => Problem is not null;
}

internal static class Answers
{
    /// <summary>What was asked for; a refusal ends the run.</summary>
    public static async Task<T> Required<T>(this Task<T> call, string what)
    {
        try
        {
            return await call;
        }
        catch (OmsException refused)
        {
            throw new SampleException($"{what} was refused: {(int)refused.Status} {refused.Problem.Text()}", refused);
        }
        catch (JsonException error)
        {
            throw NotUnderstood<T>(error);
        }
    }

    /// <summary>The items of a list; one that cannot be read ends the run.</summary>
    public static async IAsyncEnumerable<T> Required<T>(this IAsyncEnumerable<T> list, string what, [EnumeratorCancellation] CancellationToken token = default)
    {
        await using var items = list.GetAsyncEnumerator(token);
        while (await items.MoveNextAsync().AsTask().Required(what))
            yield return items.Current;
    }

    /// <summary>For people.</summary>
    public static string Text(this Problem? problem) => problem is null
        ? "no problem document"
        : string.Join(' ', [problem.Code, problem.Detail ?? "", .. (problem.Errors ?? new Dictionary<string, IReadOnlyList<string>>()).Select(error => $"{error.Key}: {string.Join("; ", error.Value)}.")]);

    public static SampleException NotUnderstood<T>(JsonException error) => new($"The answer is something else than {typeof(T).Name}: {error.Message}", error);
}
