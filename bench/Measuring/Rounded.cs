namespace Oms.Bench.Measuring;

/// <summary>Microseconds are the finest that is ever worth telling.</summary>
internal static class Rounded
{
    public static double? Of(double? value) => value is { } number && double.IsFinite(number) ? Math.Round(number, number < 1 ? 6 : 3) : null;
}
