using System.Xml.Linq;
using NetArchTest.Rules;

namespace Oms.Architecture.Tests;

public sealed class LayersTests
{
    private static readonly string[] Shell =
        ["Marten", "JasperFx", "Weasel", "Npgsql", "MassTransit", "Microsoft", "Polly", "OpenTelemetry", "Oms.ServiceDefaults", "Oms.Contracts"];

    public static TheoryData<string> Services => House.ServiceNames;

    [Theory]
    [MemberData(nameof(Services))]
    public void a_domain_knows_nothing_but_the_kernel(string service)
    {
        var assembly = House.Services[service];
        var domain = Types.InAssembly(assembly).That().ResideInNamespaceMatching(@"^Oms\.\w+\.Domain(\.|$)");
        domain.GetTypes().ShouldNotBeEmpty();

        var elsewhereHere = assembly.GetTypes().Select(it => it.Namespace).OfType<string>()
            .Where(it => it.StartsWith("Oms.", StringComparison.Ordinal) && it.Split('.').Length > 2 && !it.Split('.').Contains("Domain"));
        var result = domain.ShouldNot().HaveDependencyOnAny([.. Shell, .. elsewhereHere.Distinct()]).GetResult();

        (result.FailingTypeNames ?? []).ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Services))]
    public void a_service_refers_to_kernel_contracts_and_service_defaults_only(string service)
    {
        References($"services/{service}/{service}.csproj", "ProjectReference").Select(it => Path.GetFileNameWithoutExtension(it)).Order()
            .ShouldBe(["Contracts", "Kernel", "ServiceDefaults"]);

        var others = House.Services.Keys.Append("Gateway").Where(it => it != service);
        House.Services[service].GetReferencedAssemblies().Select(it => it.Name).Intersect(others).ShouldBeEmpty();
    }

    [Fact]
    public void the_gateway_refers_to_no_service() =>
        References("gateway/Gateway.csproj", "ProjectReference").Select(it => Path.GetFileNameWithoutExtension(it)).ShouldBe(["ServiceDefaults"]);

    [Theory]
    [InlineData("kernel/Kernel.csproj")]
    [InlineData("contracts/Contracts.csproj")]
    public void kernel_and_contracts_stand_on_nothing(string project)
    {
        References(project, "PackageReference").ShouldBeEmpty();
        References(project, "ProjectReference").ShouldBeEmpty();
        References(project, "FrameworkReference").ShouldBeEmpty();
    }

    [Fact]
    public void the_solution_holds_every_project()
    {
        var solution = House.Read("OMS.sln").Replace('\\', '/');

        House.Projects().Where(project => !solution.Contains($"\"{project}\"", StringComparison.Ordinal)).ShouldBeEmpty("dotnet sln add these");
    }

    private static IEnumerable<string> References(string project, string kind) =>
        XDocument.Parse(House.Read(project)).Descendants(kind).Select(it => it.Attribute("Include")?.Value).OfType<string>();
}
