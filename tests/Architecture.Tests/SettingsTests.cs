using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Oms.Architecture.Tests;

/// <summary>What a program reads from its configuration is in the README's table of settings, and nothing else is.</summary>
public sealed partial class SettingsTests
{
    private const string Table = "| setting | |\n";

    /// <summary>The gateway's map of paths is a file of the program, and where services are is read by service discovery.</summary>
    private static readonly string[] NotSettings = ["ReverseProxy", "services"];

    private static readonly IReadOnlyList<SyntaxNode> Sources = [.. House.Sources("services/", "gateway/", "ServiceDefaults/").Select(House.Parse)];

    [Fact]
    public void every_setting_is_in_the_table() => Read().Except(Written()).ShouldBeEmpty("Say in the README what it is for.");

    [Fact]
    public void the_table_names_none_that_nobody_reads() => Written().Except(Read()).ShouldBeEmpty();

    private static SortedSet<string> Read()
    {
        var sections = Calls("GetSection").ToLookup(it => it.Name);
        return new(
            Literals().Where(it => Setting().IsMatch(it) && !sections.Contains(it))
                .Concat(Calls("GetConnectionString").Select(it => $"ConnectionStrings:{it.Name}"))
                .Concat(sections.SelectMany(it => it).SelectMany(Section))
                .Where(it => !NotSettings.Contains(it.Split(':')[0]))
                .Select(it => it.Replace(":", "__", StringComparison.Ordinal)),
            StringComparer.Ordinal);
    }

    private static IEnumerable<string> Literals() => Sources.SelectMany(it => it.DescendantNodes()).OfType<LiteralExpressionSyntax>().Select(it => it.Token.ValueText);

    private static IEnumerable<(string Name, InvocationExpressionSyntax Call)> Calls(string method) =>
        from call in Sources.SelectMany(it => it.DescendantNodes()).OfType<InvocationExpressionSyntax>()
        where call.Expression is MemberAccessExpressionSyntax { Name.Identifier.ValueText: var name } && name == method
        select (Text(call.ArgumentList.Arguments[0].Expression), call);

    /// <summary>With a value in it: <c>{service}db</c> is <c>&lt;service&gt;db</c>.</summary>
    private static string Text(ExpressionSyntax expression) => expression switch
    {
        LiteralExpressionSyntax literal => literal.Token.ValueText,
        InterpolatedStringExpressionSyntax text => string.Concat(text.Contents.Select(it => it is InterpolationSyntax part ? $"<{part.Expression}>" : it.ToString())),
        _ => throw new InvalidOperationException($"{expression} cannot be read off the source."),
    };

    /// <summary>What is in a section: what the type has that it is bound to, or whatever it holds.</summary>
    private static IEnumerable<string> Section((string Name, InvocationExpressionSyntax Call) section)
    {
        var bound = section.Call.Ancestors().OfType<InvocationExpressionSyntax>().Select(it => it.Expression).OfType<MemberAccessExpressionSyntax>()
            .Select(it => it.Name).OfType<GenericNameSyntax>().FirstOrDefault(it => it.Identifier.ValueText is "Get" or "Configure");
        return bound is null ? [$"{section.Name}:<name>"] : Members(bound.TypeArgumentList.Arguments[0].ToString()).Select(it => $"{section.Name}:{it}");
    }

    private static IEnumerable<string> Members(string type)
    {
        var declaration = Sources.SelectMany(it => it.DescendantNodes()).OfType<TypeDeclarationSyntax>().Single(it => it.Identifier.ValueText == type);
        return (declaration.ParameterList?.Parameters.Select(it => it.Identifier.ValueText) ?? [])
            .Concat(declaration.Members.OfType<PropertyDeclarationSyntax>().Where(it => it.AccessorList?.Accessors.Count > 1).Select(it => it.Identifier.ValueText));
    }

    /// <summary>The names in the first column; <c>…Audience</c> begins as the one before it does.</summary>
    private static SortedSet<string> Written()
    {
        var readme = House.Read("README.md");
        var rows = readme[(readme.IndexOf(Table, StringComparison.Ordinal) + Table.Length)..].Split("\n\n")[0].Split('\n').Skip(1);
        SortedSet<string> names = new(StringComparer.Ordinal);
        foreach (var row in rows)
        {
            var before = "";
            foreach (Match code in Code().Matches(row.Split('|')[1]))
            {
                var name = code.Groups["name"].Value;
                before = name[0] == '…' ? before[..(before.LastIndexOf("__", StringComparison.Ordinal) + 2)] + name[1..] : name;
                if (!NotSettings.Contains(before.Split("__")[0]))
                    names.Add(before);
            }
        }

        return names;
    }

    [GeneratedRegex("^(Oms(:[A-Za-z]+)+|O(MS|TEL)_[A-Z_]+)$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Setting();

    [GeneratedRegex("`(?<name>[^`]+)`", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Code();
}
