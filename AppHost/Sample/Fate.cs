namespace Oms.Sample;

/// <summary>What happens to an order besides the ordinary: drawn from its number, so it is the same in every run.</summary>
internal sealed record Fate(bool IsCanceled, bool IsHeld, bool IsRejectedOnce, bool ShipsInTwoParcels, bool GoesStepByStep, bool IsReturned)
{
    private const int Sides = 200;

    public static Fate Of(string orderNumber)
    {
        var lot = Lot.Draw("fate", orderNumber, Sides);
        return new(
            IsCanceled: lot is 0 or 1,                      // 1 %
            IsHeld: lot is 2 or 3,
            IsRejectedOnce: lot is 4 or 5,
            ShipsInTwoParcels: lot is >= 6 and <= 9,        // 2 %
            GoesStepByStep: lot is >= 10 and <= 13,
            IsReturned: lot is >= 14 and <= 19);            // 3 %
    }
}

/// <summary>How a carrier tells about a parcel.</summary>
internal enum Telling { InOrder, Twice, OutOfOrder, Late }

internal static class Tellings
{
    public static Telling Of(string trackingNumber) => Lot.Draw("telling", trackingNumber, 20) switch
    {
        0 => Telling.Twice,
        1 => Telling.OutOfOrder,
        2 => Telling.Late,
        _ => Telling.InOrder,
    };
}
