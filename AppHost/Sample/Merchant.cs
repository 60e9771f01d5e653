namespace Oms.Sample;

/// <summary>Sets the merchant up: where it ships from, what it sells, and what is on the shelves.</summary>
internal sealed class Merchant(OmsClient oms, SampleFile file, PostalCodes postalCodes, StockPlan plan)
{
    private const string Market = "united-states";
    private const int PostalCodesPerCall = 5_000;
    private const int ItemsPerCall = 500;
    private const int LinesPerReceipt = 250;
    private const int ReceiptsAtOnce = 3;

    public async Task SetUp(CancellationToken token)
    {
        await oms.Put($"/v1/markets/{Market}", new("United States", ["US"]), Wire.Default.MarketBody, Wire.Default.Nothing, token).Required("The market");
        foreach (var location in SampleLocation.All)
            await oms.Put($"/v1/locations/{location.Id}", BodyOf(location), Wire.Default.LocationBody, Wire.Default.Nothing, token).Required($"Location {location.Id}");
        await oms.Put("/v1/routing-strategy", DefaultStrategy, Wire.Default.StrategyBody, Wire.Default.Nothing, token).Required("The routing strategy");
        foreach (var chunk in Destinations().Chunk(PostalCodesPerCall))
            await oms.Put("/v1/postal-codes", new([.. chunk]), Wire.Default.PostalCodesBody, Wire.Default.Nothing, token).Required("The postal codes");
        foreach (var chunk in Items().Chunk(ItemsPerCall))
            await Register(chunk, token);
        await Receive("opening", plan.Opening, token);
    }

    /// <summary>The second delivery: what was short at the opening.</summary>
    public Task Replenish(CancellationToken token) => Receive("replenishment", plan.Replenishment, token);

    public async Task<bool> IsReplenished(CancellationToken token) =>
        Receipts("replenishment", plan.Replenishment).LastOrDefault() is not { } last || await IsReceived(last, token);

    // Few parcels before short ways: the merchant pays by parcel.
    private static StrategyBody DefaultStrategy => new([new("minimize_splits"), new("stay_in_market"), new("closest")]);

    private LocationBody BodyOf(SampleLocation location)
    {
        var point = postalCodes.Find(location.PostalCode) ?? throw new SampleException($"{PostalCodes.FileName} does not know {location.PostalCode} of {location.Id}.");
        return new(
            location.Name, location.Type, new(null, location.Line1, location.City, location.State, location.PostalCode, SampleOrder.Country),
            new(point.Latitude, point.Longitude), location.TimeZone, location.CutOff, [Market], location.Priority, Active: true);
    }

    private IEnumerable<PostalCodeBody> Destinations() => file.Orders.Select(order => order.PostalCode).Concat(SampleLocation.All.Select(it => it.PostalCode))
        .Distinct().Order(StringComparer.Ordinal)
        .Select(code => (Code: code, Point: postalCodes.Find(code))).Where(it => it.Point is not null)
        .Select(it => new PostalCodeBody(SampleOrder.Country, it.Code, it.Point!.Latitude, it.Point.Longitude));

    private IEnumerable<ItemBody> Items() => file.Orders.SelectMany(order => order.Lines).DistinctBy(line => line.Sku)
        .OrderBy(line => line.Sku, StringComparer.Ordinal).Select(line => new ItemBody(line.Sku, line.Name.Length == 0 ? line.Sku : line.Name));

    private async Task Register(ItemBody[] items, CancellationToken token)
    {
        var results = await oms.Post("/v1/items/batch", new([.. items]), Wire.Default.ItemsBody, Wire.Default.ItemResults, token).Required("The items");
        if (results.Results.Find(result => result.Outcome == "refused") is { } refused)
            throw new SampleException($"Item {refused.Sku} was refused: {refused.Code} {refused.Detail}");
    }

    private async Task Receive(string name, IEnumerable<StockReceipt> receipts, CancellationToken token) =>
        await Parallel.ForEachAsync(
            Receipts(name, receipts), new ParallelOptions { MaxDegreeOfParallelism = ReceiptsAtOnce, CancellationToken = token }, async (receipt, stop) =>
            {
                // Answers under a key are forgotten after some days, the document is not: yesterday's delivery does not arrive again.
                if (!await IsReceived(receipt, stop))
                    await oms.Post("/v1/inventory/receipts", receipt, Wire.Default.ReceiptBody, Wire.Default.Nothing, stop, receipt.Document).Required(receipt.Document);
            });

    private IEnumerable<ReceiptBody> Receipts(string name, IEnumerable<StockReceipt> receipts) => receipts.GroupBy(receipt => receipt.LocationId)
        .SelectMany(place => place.Chunk(LinesPerReceipt).Select((lines, number) => new ReceiptBody(
            place.Key, "received", $"{name}-{file.Fingerprint}-{place.Key}-{number + 1}", [.. lines.Select(line => new ReceiptLine(line.Sku, line.Quantity))])));

    // A receipt is all or nothing, so its first line tells.
    private async Task<bool> IsReceived(ReceiptBody receipt, CancellationToken token)
    {
        var movements = oms.List(
            $"/v1/inventory/{Uri.EscapeDataString(receipt.Lines[0].Sku)}/movements?locationId={receipt.LocationId}&limit=200", Wire.Default.Movements, token);
        return await movements.AnyAsync(movement => movement.Document == receipt.Document, token);
    }
}
