using Marten;

namespace Oms.ServiceDefaults;

/// <summary>What a stream's events say, against the documents that are stored of it.</summary>
internal static class Differences
{
    private const string Nothing = "nothing";

    public static List<Difference> Between(Folded folded, IReadOnlyList<Stored> stored, ISerializer serializer)
    {
        var name = folded.Model.Name();
        if (folded.Broken is { } broken)
            return [new($"{name}_can_be_folded", $"{folded.Stream}", "facts that follow each other", broken)];
        List<Difference> found = [];
        if (folded.Events != folded.Version)
            found.Add(new($"{name}_has_all_its_events", $"{folded.Stream}", $"{folded.Version}", $"{folded.Events}"));

        var left = stored.ToDictionary(it => it.Id);
        foreach (var (id, document) in folded.Documents())
        {
            var wanted = serializer.ToJson(document);
            if (!left.Remove(id, out var shown))
                found.Add(new($"{name}_has_a_document", $"{id}", wanted, Nothing));
            else if (shown.Json != wanted)
                found.Add(new($"{name}_is_the_fold_of_its_events", $"{id}", wanted, shown.Json));
            else if (shown.Version is { } version && version != folded.Version)
                found.Add(new($"{name}_shows_the_version_of_its_stream", $"{id}", $"{folded.Version}", $"{version}"));
        }
        found.AddRange(left.Values.Select(it => new Difference($"{name}_is_of_its_stream", $"{it.Id}", Nothing, it.Json)));
        return found;
    }
}
