using System.Text.Json.Nodes;
using Oms.AppHost.Local;

namespace Oms.AppHost.Tests;

/// <summary>The clients in the repository are those of the description in the repository.</summary>
public sealed class ClientsTests
{
    private const string Advice = "The clients are stale: dotnet run --project AppHost -- openapi";

    [Fact]
    public async Task The_CSharp_client_is_generated_from_the_description()
    {
        var description = JsonNode.Parse(await File.ReadAllTextAsync(DescribeCommand.DefaultPath))!;

        var written = await CSharpClient.Write(description, CancellationToken.None);

        written.ShouldBe(await File.ReadAllTextAsync(CSharpClient.File), Advice);
    }

    [Fact]
    public async Task The_TypeScript_client_is_generated_from_the_description()
    {
        var written = await TypeScriptClient.Write(DescribeCommand.DefaultPath, _ => { }, CancellationToken.None);

        written.ShouldBe(await File.ReadAllTextAsync(TypeScriptClient.File), Advice);
    }
}
