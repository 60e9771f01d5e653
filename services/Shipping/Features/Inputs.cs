using System.Collections.Immutable;
using Oms.Kernel;

namespace Oms.Shipping.Features;

/// <summary>The bounds of what may come in.</summary>
public static class Inputs
{
    public const int LinesMax = 500;
    public const int ReasonLengthMax = 200;
    public const int NoteLengthMax = 500;
    public const int WeightGramsMax = 1_000_000;

    public static Complaints Reason(this Complaints complaints, string? reason) => complaints
        .If(string.IsNullOrWhiteSpace(reason), "reason", "is required")
        .Text(reason, "reason", ReasonLengthMax);

    public static Complaints Text(this Complaints complaints, string? text, string path, int lengthMax) => complaints
        .If(text?.Length > lengthMax, path, $"has at most {lengthMax} characters")
        .If(text?.Any(char.IsControl) == true, path, "must not contain control characters");

    public static Complaints Lines(this Complaints complaints, IReadOnlyList<LineBody?>? lines)
    {
        if (lines is null)
            return complaints;
        complaints.If(lines.Count is < 1 or > LinesMax, "lines", $"has 1 to {LinesMax} entries, or is left out for all that is left");
        HashSet<int> seen = [];
        foreach (var (index, line) in lines.Take(LinesMax).Index())
        {
            var path = $"lines[{index}]";
            complaints.If(line is null, path, "is required");
            if (line is not null)
                complaints
                    .If(line.Line < 1, $"{path}.line", "is a line's number, from 1")
                    .If(!seen.Add(line.Line), $"{path}.line", "is listed twice")
                    .If(!Quantity.IsValid(line.Quantity), $"{path}.quantity", $"is between 1 and {Quantity.Max}");
        }
        return complaints;
    }

    /// <summary>Only after <see cref="Lines"/> has found nothing.</summary>
    public static ImmutableArray<LineCount>? Parsed(this IReadOnlyList<LineBody?>? lines) =>
        lines is null ? null : [.. lines.Select(line => new LineCount(line!.Line, line.Quantity))];
}

/// <summary>The body of a request that says everything in its path: <c>{}</c>, or none.</summary>
public sealed record EmptyBody;

public sealed record LineBody(int Line, int Quantity);
