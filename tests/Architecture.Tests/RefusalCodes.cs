using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Oms.Architecture.Tests;

/// <summary>Finds every "no" in the sources. A call whose code cannot be read off is reported instead of overlooked.</summary>
internal static partial class RefusalCodes
{
    // The two places that define how a "no" is made; the second also gives codes to what the framework refuses by itself.
    private const string Kernel = "kernel/Refusal.cs";
    private const string Framework = "ServiceDefaults/Problems.cs";

    private static readonly Dictionary<string, CompilationUnitSyntax> Sources = House.Sources("services/", "ServiceDefaults/", "gateway/")
        .Where(it => it != Kernel).ToDictionary(it => it, House.Parse);

    private static readonly ILookup<string, string> Constants = Sources.Values.SelectMany(it => it.DescendantNodes())
        .Select(it => it switch
        {
            FieldDeclarationSyntax field when field.Modifiers.Any(SyntaxKind.ConstKeyword) => field.Declaration,
            LocalDeclarationStatementSyntax { IsConst: true } local => local.Declaration,
            _ => null,
        })
        .OfType<VariableDeclarationSyntax>().SelectMany(it => it.Variables)
        .Where(it => it.Initializer?.Value is LiteralExpressionSyntax { RawKind: (int)SyntaxKind.StringLiteralExpression })
        .ToLookup(it => it.Identifier.Text, it => Text(it.Initializer!.Value));

    public sealed record Refused(string Code, string Status, string Says, string From);

    public static (IReadOnlyList<Refused> Found, IReadOnlyList<string> Unreadable) All()
    {
        List<Refused> found = [];
        List<string> unreadable = [];
        foreach (var (file, source) in Sources)
        {
            foreach (var call in source.DescendantNodes())
            {
                if (Parse(call) is not var (status, code, detail))
                    continue;
                var codes = Codes(code).ToList();
                if (codes.Count == 0 && file != Framework)
                    unreadable.Add($"{file}({call.GetLocation().GetLineSpan().StartLinePosition.Line + 1}): {call}");
                found.AddRange(codes.Select(it => new Refused(it, status, Text(detail), From(file))));
            }
        }
        found.AddRange(Sources[Framework].DescendantNodes().OfType<SwitchExpressionArmSyntax>()
            .Where(it => it.Pattern is ConstantPatternSyntax && it.Expression is LiteralExpressionSyntax)
            .Select(it => new Refused(Text(it.Expression), it.Pattern.ToString(), ReasonPhrases.GetReasonPhrase(int.Parse(it.Pattern.ToString())) + ".", From(Framework))));
        return (found, unreadable);
    }

    // Refusal.Conflict("code", "detail"), complaints.ToRefusal("code", "detail"), Problems.Problem(503, "code", "detail"), new(RefusalKind.Stale, "code", "detail")
    private static (string Status, ExpressionSyntax Code, ExpressionSyntax? Detail)? Parse(SyntaxNode node)
    {
        var arguments = node switch
        {
            InvocationExpressionSyntax call => call.ArgumentList.Arguments,
            BaseObjectCreationExpressionSyntax { ArgumentList: { } list } => list.Arguments,
            _ => default,
        };
        ExpressionSyntax? At(int index) => arguments.Count > index ? arguments[index].Expression : null;

        return node switch
        {
            InvocationExpressionSyntax { Expression: var called } => called.ToString() switch
            {
                "Refusal.NotFound" => ("404", At(0)!, At(1)),
                "Refusal.Invalid" => ("422", At(0)!, At(1)),
                "Refusal.Conflict" => ("409", At(0)!, At(1)),
                "Problems.Problem" or "Problem" when arguments.Count == 3 => (Status(At(0)!), At(1)!, At(2)),
                var name when name.EndsWith(".ToRefusal", StringComparison.Ordinal) => ("422", At(0)!, At(1)),
                _ => null,
            },
            BaseObjectCreationExpressionSyntax when At(0)?.ToString() is "RefusalKind.Stale" => ("412", At(1)!, At(2)),
            BaseObjectCreationExpressionSyntax when At(0)?.ToString() is "RefusalKind.NotFound" => ("404", At(1)!, At(2)),
            BaseObjectCreationExpressionSyntax when At(0)?.ToString() is "RefusalKind.Conflict" => ("409", At(1)!, At(2)),
            BaseObjectCreationExpressionSyntax when At(0)?.ToString() is "RefusalKind.Invalid" => ("422", At(1)!, At(2)),
            _ => null,
        };
    }

    private static IEnumerable<string> Codes(ExpressionSyntax code) => code switch
    {
        LiteralExpressionSyntax => [Text(code)],
        ConditionalExpressionSyntax it => Codes(it.WhenTrue).Concat(Codes(it.WhenFalse)),
        SwitchExpressionSyntax it => it.Arms.SelectMany(arm => Codes(arm.Expression)),
        IdentifierNameSyntax it => Constants[it.Identifier.Text],
        MemberAccessExpressionSyntax it => Constants[it.Name.Identifier.Text],
        _ => [],
    };

    private static string Status(ExpressionSyntax status) => Digits().Match(status.ToString()) is { Success: true } digits ? digits.Value : "400";

    private static string From(string file) => file.Split('/') switch
    {
        ["services", var service, ..] => service,
        ["gateway", ..] => "gateway",
        _ => "every service",
    };

    private static string Text(ExpressionSyntax? expression) => expression switch
    {
        LiteralExpressionSyntax it => it.Token.ValueText,
        InterpolatedStringExpressionSyntax it => string.Concat(it.Contents.Select(part => part switch
        {
            InterpolatedStringTextSyntax text => text.TextToken.ValueText,
            InterpolationSyntax hole => Hole(hole.Expression.ToString()),
            _ => "",
        })),
        ConditionalExpressionSyntax it => $"{Text(it.WhenTrue)} / {Text(it.WhenFalse)}",
        BinaryExpressionSyntax { RawKind: (int)SyntaxKind.AddExpression } it => Text(it.Left) + Text(it.Right),
        ParenthesizedExpressionSyntax it => Text(it.Expression),
        null => "",
        _ => "…",
    };

    // A value by the last name in its expression; a constant as what it stands for.
    private static string Hole(string expression)
    {
        if (Constants[expression].ToList() is [var constant])
            return constant;
        var name = Words().Matches(expression).LastOrDefault()?.Value ?? "…";
        return "{" + char.ToLowerInvariant(name[0]) + name[1..] + "}";
    }

    /// <summary>The page that lists them.</summary>
    public static string Page(IEnumerable<Refused> all)
    {
        var page = new StringBuilder(
            """
            # Problems

            Every "no" is `application/problem+json` (RFC 9457). Its `type` is `/problems/<code>` and its `code` the code below: they never change, and
            programs may rely on them. `title` and `detail` are for people. `errors` lists wrong inputs by path, all at once. `traceId` leads to the logs.

            | Status | Means | What to do |
            |---|---|---|
            | 400 | it cannot be read | repair the request |
            | 401 | nobody knows who asks | send a valid API key or token |
            | 403 | known, and not allowed | ask for the scope that `detail` names |
            | 404 | it is not there | look at the id |
            | 409 | the state of things forbids it | read it again and decide |
            | 412 | somebody was faster (`If-Match`) | read it again and decide |
            | 413 | the body is too large | send less at once |
            | 422 | it can be read, and is wrong | repair what `errors` or `detail` name |
            | 429 | too many requests | wait for `Retry-After` |
            | 500 | a bug | report the `traceId` |
            | 503, 504 | something is away for a moment | wait for `Retry-After`, repeat under the same `Idempotency-Key` |

            This page is generated from the sources; a test keeps it up to date.

            | Code | Status | Says | From |
            |---|---|---|---|

            """);
        foreach (var group in all.GroupBy(it => it.Code).OrderBy(it => it.Key, StringComparer.Ordinal))
            page.Append(CultureInfo.InvariantCulture,
                $"| `{group.Key}` | {Joined(group, it => it.Status, ", ")} | {Joined(group, it => Cell(it.Says), "<br>")} | {Joined(group, it => it.From, ", ")} |\n");
        return page.ToString();
    }

    private static string Joined(IEnumerable<Refused> all, Func<Refused, string> part, string separator) =>
        string.Join(separator, all.Select(part).Where(it => it.Length > 0).Distinct().Order(StringComparer.Ordinal));

    private static string Cell(string text) => text.Replace("|", "\\|").Replace("<", "&lt;").Replace("\n", " ");

    [GeneratedRegex(@"\d{3}", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Digits();

    [GeneratedRegex(@"[A-Za-z]\w*", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Words();
}
