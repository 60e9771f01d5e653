using System.Text.Json.Nodes;
using Oms.AppHost.Local;
using Oms.SystemTests.Faults;

namespace Oms.SystemTests;

/// <summary>Clients are written against the copy in the repository.</summary>
[Collection(typeof(FaultCollection))]
public sealed class DescriptionTests(FaultPlatform platform)
{
    [Fact]
    public async Task The_platform_is_as_its_description_in_the_repository_says()
    {
        var described = await Merchant.Of(platform.Platform).Get("/openapi/v1.json");
        var copy = await File.ReadAllTextAsync(DescribeCommand.DefaultPath);

        Compatibility.Breaks(JsonNode.Parse(copy)!, described).ShouldBeEmpty("This breaks whoever relies on docs/openapi.json.");
        DescribeCommand.Text(described).ShouldBe(copy, "Nothing is broken, but docs/openapi.json is stale: dotnet run --project AppHost -- openapi");
    }
}
