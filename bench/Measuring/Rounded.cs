namespace Oms.Bench.Measuring;

/// <summary>Three digits are more than any of these figures is worth.</summary>
internal static class Rounded
{
    public static double? Of(double? value) => value is { } number && double.IsFinite(number) ? Math.Round(number, 3) : null;
}
