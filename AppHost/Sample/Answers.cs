namespace Oms.Sample;

internal static class Answers
{
    /// <summary>The body; a refusal ends the run.</summary>
    public static async Task<T> Required<T>(this Task<Answer<T>> answer, string what) where T : class => (await answer).Required(what);
}
