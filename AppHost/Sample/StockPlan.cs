using System.Collections.Immutable;
using Oms.Kernel;

namespace Oms.Sample;

/// <summary>Pieces to receive at a location.</summary>
internal sealed record StockReceipt(string LocationId, string Sku, int Quantity);

/// <summary>
/// What the merchant buys, computed from what the file sells: enough of everything in the end, but not everywhere, so that some orders are
/// split, and not from the beginning, so that some orders wait.
/// </summary>
/// <param name="Opening">There before the first order.</param>
/// <param name="Replenishment">Arrives when a good part of the orders has been placed.</param>
/// <param name="ShortSkus">What there is less of at the opening than the file sells.</param>
internal sealed record StockPlan(ImmutableArray<StockReceipt> Opening, ImmutableArray<StockReceipt> Replenishment, ImmutableHashSet<string> ShortSkus)
{
    private const int Percent = 100;
    private const int SpecialtyPercent = 8;
    private const int OutletPercent = 6;
    private const int ShortPercent = 4;
    private const int OpeningShare = 3;         // of a short SKU, one piece in three
    private const int SparePieces = 10;         // one more for each ten: where pieces lie is not where they are wanted

    /// <param name="nearest">The location of a kind that is nearest to a postal code.</param>
    public static StockPlan For(IReadOnlyList<SampleOrder> orders, Nearest nearest)
    {
        var rejected = orders.Where(order => Fate.Of(order.Number).IsRejectedOnce).SelectMany(order => order.Lines).Select(line => line.Sku).ToHashSet();
        var (opening, replenishment, shortSkus) = (new List<StockReceipt>(), new List<StockReceipt>(), new List<string>());
        var demands = orders.SelectMany(order => order.Lines.Select(line => (Line: line, Home: nearest.Warehouse(order.PostalCode))))
            .GroupBy(it => it.Line.Sku).OrderBy(it => it.Key, StringComparer.Ordinal);
        foreach (var demand in demands)
        {
            var byHome = demand.GroupBy(it => it.Home).OrderBy(it => it.Key, StringComparer.Ordinal)
                .Select(it => (it.Key, it.Sum(line => line.Line.Quantity))).ToList();
            var supply = SupplyOf(demand.Key, byHome, rejected.Contains(demand.Key), nearest);
            var isShort = !rejected.Contains(demand.Key) && Lot.Draw("short", demand.Key, Percent) < ShortPercent;
            if (isShort)
                shortSkus.Add(demand.Key);
            foreach (var (location, quantity) in supply)
            {
                var now = isShort ? quantity / OpeningShare : quantity;
                opening.Add(new(location, demand.Key, now));
                replenishment.Add(new(location, demand.Key, quantity - now));
            }
        }
        return new(
            [.. opening.Where(receipt => receipt.Quantity > 0)],
            [.. replenishment.Where(receipt => receipt.Quantity > 0)],
            [.. shortSkus]);
    }

    /// <summary>How many of these orders, in this sequence, the opening stock does not suffice for.</summary>
    public int WaitingAmong(IEnumerable<SampleOrder> orders)
    {
        var left = Opening.GroupBy(receipt => receipt.Sku).ToDictionary(it => it.Key, it => it.Sum(receipt => receipt.Quantity));
        var waiting = 0;
        foreach (var order in orders.Where(order => !Fate.Of(order.Number).IsCanceled))
        {
            var isShort = false;
            foreach (var line in order.Lines)
            {
                left[line.Sku] = left.GetValueOrDefault(line.Sku) - line.Quantity;
                isShort |= left[line.Sku] < 0;
            }
            waiting += isShort ? 1 : 0;
        }
        return waiting;
    }

    /// <summary>Where the pieces of a SKU will have arrived in the end; at least as many as are sold.</summary>
    private static IEnumerable<(string Location, int Quantity)> SupplyOf(
        string sku, List<(string Home, int Quantity)> demand, bool isRejected, Nearest nearest)
    {
        var total = demand.Sum(it => it.Quantity);
        // A location that says no is never asked again for that order: everything must also be found without it.
        if (isRejected)
            return [(nearest.Warehouses[0], WithSpare(total)), (nearest.Warehouses[1], WithSpare(total))];

        var lot = Lot.Draw("place", sku, Percent);
        if (lot < SpecialtyPercent)
            return [(nearest.Outlets[Lot.Draw("specialty", sku, nearest.Outlets.Count)], WithSpare(total))];
        return demand.Select(it => (lot < SpecialtyPercent + OutletPercent ? nearest.Outlet(it.Home) : it.Home, WithSpare(it.Quantity)));
    }

    private static int WithSpare(int quantity) => quantity + (quantity + SparePieces - 1) / SparePieces;
}

/// <summary>Which of the merchant's locations is near to what.</summary>
internal sealed class Nearest(IReadOnlyList<SampleLocation> locations, PostalCodes postalCodes)
{
    private readonly Dictionary<string, string> homes = new(StringComparer.Ordinal);

    public IReadOnlyList<string> Warehouses { get; } = [.. locations.Where(location => location.IsWarehouse).Select(location => location.Id)];

    /// <summary>Stores and third parties.</summary>
    public IReadOnlyList<string> Outlets { get; } = [.. locations.Where(location => !location.IsWarehouse).Select(location => location.Id)];

    public string Warehouse(string postalCode) => homes.TryGetValue(postalCode, out var home)
        ? home
        : homes[postalCode] = To(postalCodes.Find(postalCode), Warehouses, postalCode);

    /// <summary>The store or third party next to a warehouse.</summary>
    public string Outlet(string warehouse) => To(PointOf(warehouse), Outlets, warehouse);

    private string To(GeoPoint? point, IReadOnlyList<string> candidates, string what) => point is null
        ? candidates[Lot.Draw("somewhere", what, candidates.Count)]
        : candidates.MinBy(candidate => point.DistanceKmTo(PointOf(candidate)!))!;

    private GeoPoint? PointOf(string location) => postalCodes.Find(locations.First(it => it.Id == location).PostalCode);
}
