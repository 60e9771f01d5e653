using Oms.Kernel;

namespace Oms.Returns.Features;

/// <summary>The bounds of what may come in.</summary>
public static class Inputs
{
    public const int LinesMax = 500;
    public const int ReasonLengthMax = 200;
    public const int NoteLengthMax = 1_000;

    public static Complaints Reason(this Complaints complaints, string? reason, string path) => complaints
        .If(string.IsNullOrWhiteSpace(reason), path, "is required")
        .Text(reason, path, ReasonLengthMax);

    public static Complaints Text(this Complaints complaints, string? text, string path, int lengthMax) => complaints
        .If(text?.Length > lengthMax, path, $"has at most {lengthMax} characters")
        .If(text?.Any(c => char.IsControl(c) && c != '\n') == true, path, "must not contain control characters");

    public static Complaints LineCount(this Complaints complaints, int count) =>
        complaints.If(count is < 1 or > LinesMax, "lines", $"has 1 to {LinesMax} entries");

    public static Complaints LineQuantity(this Complaints complaints, int line, int quantity, string path) => complaints
        .If(line < 1, $"{path}.line", "is a line's number, from 1")
        .If(!Quantity.IsValid(quantity), $"{path}.quantity", $"is between 1 and {Quantity.Max}");
}

/// <summary>The body of a request that says everything in its path: <c>{}</c>, or none.</summary>
public sealed record EmptyBody;
