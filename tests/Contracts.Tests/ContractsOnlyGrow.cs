using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using MassTransit.Transports;

namespace Oms.Contracts.Tests;

/// <summary>
/// Messages of an older version may still wait in a queue, and an older service may still read what a newer one sends. So a contract may only be given
/// optional members. Each has a sample as it was first written; samples are never edited.
/// </summary>
public sealed class ContractsOnlyGrow
{
    private const string WriteMissing = "OMS_WRITE_CONTRACT_SAMPLES";

    public static TheoryData<string> Contracts => [.. Contract.All.Select(it => it.FullName!)];

    public static TheoryData<string> Samples =>
        [.. Directory.GetFiles(Path.Combine(Contract.Folder, "Samples"), "*.json").Select(it => Path.GetFileNameWithoutExtension(it)!).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Contracts))]
    public void every_contract_has_a_sample(string contract)
    {
        var file = Contract.SampleFile(contract);
        if (!File.Exists(file) && Environment.GetEnvironmentVariable(WriteMissing) == "1")
            File.WriteAllText(file, JsonSerializer.Serialize(Contract.Example(Type(contract)), Contract.Json) + "\n");

        File.Exists(file).ShouldBeTrue($"A new contract needs a sample: run these tests once with {WriteMissing}=1 and commit {Path.GetFileName(file)}.");
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void what_was_written_once_can_still_be_read_and_is_still_written(string contract)
    {
        var sample = JsonNode.Parse(File.ReadAllText(Contract.SampleFile(contract)))!;

        var read = sample.Deserialize(Type(contract), Contract.Json);
        var written = JsonSerializer.SerializeToNode(read, Contract.Json)!;

        Missing(sample, written, contract).ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void what_was_added_later_is_optional(string contract)
    {
        var sample = JsonNode.Parse(File.ReadAllText(Contract.SampleFile(contract)))!.AsObject();
        var nullability = new NullabilityInfoContext();

        foreach (var added in Type(contract).GetConstructors().Single().GetParameters().Where(it => !sample.ContainsKey(JsonNamingPolicy.CamelCase.ConvertName(it.Name!))))
            (added.HasDefaultValue || nullability.Create(added).WriteState == NullabilityState.Nullable).ShouldBeTrue(
                $"{contract}.{added.Name} is missing in older messages: give it a default, or make it nullable.");
    }

    [Fact]
    public void exchanges_keep_their_names()
    {
        // RabbitMQ's exchange takes the contract's namespace and name: moving a contract would leave its receivers on the old one.
        var formatter = new DefaultMessageNameFormatter("::", "--", ":", "-");
        var now = Contract.All.Select(it => formatter.GetMessageName(it).ToString());
        var frozen = File.ReadAllLines(Path.Combine(Contract.Folder, "Exchanges.txt"));

        frozen.Except(now).ShouldBeEmpty("These are gone; whoever still uses them would not be heard.");
        now.Except(frozen).ShouldBeEmpty("These are new: add them to Exchanges.txt.");
    }

    private static Type Type(string contract) => Contract.All.SingleOrDefault(it => it.FullName == contract)
        ?? throw new InvalidOperationException($"{contract} is gone. Contracts live until nobody uses their version; then the sample goes in the same commit.");

    private static IEnumerable<string> Missing(JsonNode? before, JsonNode? now, string path) => (before, now) switch
    {
        (JsonObject was, JsonObject has) => was.SelectMany(member => Missing(member.Value, has[member.Key], $"{path}.{member.Key}")),
        (JsonArray was, JsonArray has) when was.Count == has.Count => was.SelectMany((item, index) => Missing(item, has[index], $"{path}[{index}]")),
        _ => JsonNode.DeepEquals(before, now) ? [] : [$"{path} was {before} and is {now?.ToString() ?? "missing"}"],
    };
}
