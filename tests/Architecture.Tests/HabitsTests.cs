using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Oms.Architecture.Tests;

public sealed class HabitsTests
{
    // ServiceDefaults, AppHost and gateway may: they have loops that must outlive everything, and are the edges of the system.
    private static readonly string[] MayNotCatchEverything = ["services/", "kernel/", "contracts/"];

    [Fact]
    public void nobody_catches_every_exception_in_between() => House.Sources(MayNotCatchEverything)
        .SelectMany(file => House.Parse(file).DescendantNodes().OfType<CatchClauseSyntax>()
            .Where(it => it.Filter is null && it.Declaration?.Type.ToString() is null or "Exception" or "System.Exception")
            .Select(it => Place(file, it)))
        .ShouldBeEmpty();

    [Fact]
    public void no_service_waits_by_the_clock_on_the_wall() => House.Sources("services/", "kernel/")
        .SelectMany(file => House.Parse(file).DescendantNodes().OfType<InvocationExpressionSyntax>()
            .Where(it => it.Expression.ToString() is "Task.Delay" or "Thread.Sleep" &&
                !it.ArgumentList.Arguments.Any(argument => argument.ToString() is "clock" or "TimeProvider.System"))
            .Select(it => Place(file, it)))
        .ShouldBeEmpty();

    [Fact]
    public void there_are_no_drawers_for_everything() => House.Sources("services/", "kernel/", "contracts/", "gateway/", "ServiceDefaults/")
        .Where(file => file.Split('/').Any(part => part is "Common" or "Shared" or "Helpers" or "Utils" or "Helpers.cs" or "Utils.cs" or "Extensions.cs"))
        .ShouldBeEmpty();

    [Fact]
    public void a_program_is_read_in_one_look() => House.Sources("services/", "gateway/").Where(file => file.EndsWith("/Program.cs", StringComparison.Ordinal))
        .Where(file => House.Read(file).AsSpan().Count('\n') > 25).ShouldBeEmpty();

    private static string Place(string file, SyntaxNode node) => $"{file}({node.GetLocation().GetLineSpan().StartLinePosition.Line + 1})";
}
