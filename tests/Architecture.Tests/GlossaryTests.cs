using System.Text.Json;

namespace Oms.Architecture.Tests;

public sealed class GlossaryTests
{
    private static readonly string Glossary = House.Read("docs/glossary.md");

    private static readonly string[] Terms = [.. Glossary.Split('\n').Where(it => it.StartsWith("**", StringComparison.Ordinal)).Select(it => it.Split("**")[1])];

    [Fact]
    public void every_state_is_explained() => House.Services.Values.SelectMany(it => it.GetTypes())
        .Where(it => it.IsEnum && it.Namespace?.Contains(".Domain", StringComparison.Ordinal) is true)
        .SelectMany(it => it.GetEnumNames().Select(name => $"{it.Name}: `{JsonNamingPolicy.SnakeCaseLower.ConvertName(name)}`"))
        .Where(it => !Glossary.Contains(it.Split(": ")[1], StringComparison.Ordinal))
        .ShouldBeEmpty();

    [Fact]
    public void terms_are_in_alphabetical_order_and_explained_once()
    {
        Terms.ShouldBe(Terms.OrderBy(it => it.ToUpperInvariant(), StringComparer.Ordinal));
        Terms.ShouldBeUnique();
    }
}
