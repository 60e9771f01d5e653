using System.Text.Json.Nodes;
using Oms.Orders.Domain;
using Oms.ServiceDefaults;
using Weasel.Core;
using SystemTextJsonSerializer = Marten.Services.SystemTextJsonSerializer;

namespace Oms.Orders.Tests.Language;

/// <summary>
/// What has been stored is read for ever: under its name, and with the members that it had then. Names and samples are only added; never edited, never removed.
/// </summary>
public sealed class StoredFactsTests
{
    private const string WriteMissing = "OMS_WRITE_EVENT_SAMPLES";
    private const string Folder = "tests/Order.Tests/Language";

    // As the event store is configured.
    private static readonly SystemTextJsonSerializer Json = new() { EnumStorage = EnumStorage.AsString, Casing = Casing.CamelCase };

    private static string NamesFile => Repository.File($"{Folder}/StoredNames.txt");

    public static TheoryData<string> Names => [.. Facts.Of<IOrderEvent>().Select(Facts.StoredName)];

    [Fact]
    public void names_never_change()
    {
        var names = Facts.Of<IOrderEvent>().Select(Facts.StoredName).Order(StringComparer.Ordinal).ToList();
        if (Repository.Writes(WriteMissing))
            File.WriteAllLines(NamesFile, File.ReadAllLines(NamesFile).Union(names).Order(StringComparer.Ordinal));

        string.Join('\n', names).ShouldBe(string.Join('\n', File.ReadAllLines(NamesFile)), $"A new fact? Run these tests once with {WriteMissing}=1 and commit what they write. A missing one is still stored somewhere.");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void what_was_stored_once_can_still_be_read(string name)
    {
        var type = Facts.Of<IOrderEvent>().Single(it => Facts.StoredName(it) == name);
        var file = Repository.File($"{Folder}/Samples/{name}.json");
        if (!File.Exists(file) && Repository.Writes(WriteMissing))
            File.WriteAllText(file, JsonNode.Parse(Json.ToJson(Examples.Of(type)))!.ToJsonString(new(System.Text.Json.JsonSerializerDefaults.Web) { WriteIndented = true }) + "\n");

        File.Exists(file).ShouldBeTrue($"A new fact needs a sample: run these tests once with {WriteMissing}=1 and commit {name}.json.");
        var sample = File.ReadAllText(file);
        using var stored = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(sample));
        var again = JsonNode.Parse(Json.ToJson(Json.FromJson(type, stored)))!;

        Missing(JsonNode.Parse(sample)!, again, name).ShouldBeEmpty();
    }

    /// <summary>Facts are read whole: a member that is not there must not become a null where the type says otherwise.</summary>
    [Fact]
    public void a_sample_holds_every_member_that_has_no_default()
    {
        foreach (var type in Facts.Of<IOrderEvent>())
        {
            var sample = JsonNode.Parse(File.ReadAllText(Repository.File($"{Folder}/Samples/{Facts.StoredName(type)}.json")))!.AsObject();
            type.GetConstructors().Single().GetParameters().Where(it => !it.HasDefaultValue).Select(it => System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(it.Name!))
                .Except(sample.Select(it => it.Key)).ShouldBeEmpty($"What was added to {type.Name} later is optional.");
        }
    }

    // Paths whose value is not what was stored.
    private static IEnumerable<string> Missing(JsonNode stored, JsonNode? read, string path) => (stored, read) switch
    {
        (JsonObject before, JsonObject after) => before.SelectMany(it => it.Value is null ? [] : Missing(it.Value, after[it.Key], $"{path}.{it.Key}")),
        (JsonArray before, JsonArray after) when before.Count == after.Count => before.SelectMany((it, index) => Missing(it!, after[index], $"{path}[{index}]")),
        _ => JsonNode.DeepEquals(stored, read) ? [] : [$"{path}: {stored.ToJsonString()} is read as {read?.ToJsonString() ?? "nothing"}"],
    };
}
