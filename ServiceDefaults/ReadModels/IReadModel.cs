using Marten;

namespace Oms.ServiceDefaults;

/// <summary>
/// Documents that say nothing but what the events of a stream say: kept in the commit of the events, and so comparable with them, and to be had anew from them.
/// Whatever is registered as a projection and implements this is checked by the reconciliation and written by a rebuild.
/// </summary>
public interface IReadModel
{
    Type DocumentType { get; }

    /// <summary>The facts it is made of; a stream that has one of them is one of its streams.</summary>
    IReadOnlyList<Type> Facts { get; }

    /// <summary>Which of the documents <c>d</c> are those of the streams <c>$1</c>, in SQL.</summary>
    string OfStreams { get; }

    /// <summary>The id of the stream that a document <c>d</c> is of, in SQL.</summary>
    string StreamOf { get; }

    object? After(object? state, object fact);

    /// <summary>What should be stored once this state is reached; each with its id.</summary>
    IEnumerable<KeyValuePair<object, object>> Documents(object stream, object? state, long version);
}

/// <summary>Where a stream stands by its events alone.</summary>
/// <param name="Stream">Its id: a Guid or a text.</param>
/// <param name="Version">Of its last event.</param>
/// <param name="Events">How many there are.</param>
/// <param name="Broken">Why its events cannot follow each other; null when they can.</param>
public sealed record Folded(object Stream, IReadModel Model, object? State, long Version, long Events, string? Broken)
{
    internal IEnumerable<KeyValuePair<object, object>> Documents() => Broken is null ? Model.Documents(Stream, State, Version) : [];
}

internal static class ReadModels
{
    /// <summary>What it is called in reports and on the command line: fulfillment_order.</summary>
    public static string Name(this IReadModel model) => Facts.StoredName(model.DocumentType);

    public static IReadOnlyList<IReadModel> Of(IDocumentStore store) =>
        [.. ((DocumentStore)store).Options.Projections.All.OfType<IReadModel>().OrderBy(model => model.Name(), StringComparer.Ordinal)];
}
