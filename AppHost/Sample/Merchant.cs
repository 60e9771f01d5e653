using Oms.Client;

namespace Oms.Sample;

/// <summary>Sets the merchant up: where it ships from, what it sells, and what is on the shelves.</summary>
internal sealed class Merchant(PatientClient oms, SampleFile file, PostalCodes postalCodes, StockPlan plan)
{
    private const string Market = "united-states";
    private const int PostalCodesPerCall = 5_000;
    private const int ItemsPerCall = 500;
    private const int LinesPerReceipt = 250;
    private const int ReceiptsAtOnce = 3;

    public async Task SetUp(CancellationToken token)
    {
        await oms.Api.DefineMarketAsync(Market, new() { Name = "United States", Countries = ["US"] }, cancellationToken: token).Required("The market");
        foreach (var location in SampleLocation.All)
            await oms.Api.RegisterLocationAsync(location.Id, BodyOf(location), cancellationToken: token).Required($"Location {location.Id}");
        await oms.Api.ChooseRoutingStrategyAsync(DefaultStrategy, cancellationToken: token).Required("The routing strategy");
        foreach (var chunk in Destinations().Chunk(PostalCodesPerCall))
            await oms.Api.PutPostalCodesAsync(new() { Items = chunk }, cancellationToken: token).Required("The postal codes");
        foreach (var chunk in Items().Chunk(ItemsPerCall))
            await Register(chunk, token);
        await Receive("opening", plan.Opening, token);
    }

    /// <summary>The second delivery: what was short at the opening.</summary>
    public Task Replenish(CancellationToken token) => Receive("replenishment", plan.Replenishment, token);

    public async Task<bool> IsReplenished(CancellationToken token) =>
        Receipts("replenishment", plan.Replenishment).LastOrDefault() is not { } last || await IsReceived(last, token);

    // Few parcels before short ways: the merchant pays by parcel.
    private static ChooseRoutingStrategyBody DefaultStrategy => new() { Rules = [new() { Type = "minimize_splits" }, new() { Type = "stay_in_market" }, new() { Type = "closest" }] };

    private RegisterLocationBody BodyOf(SampleLocation location)
    {
        var point = postalCodes.Find(location.PostalCode) ?? throw new SampleException($"{PostalCodes.FileName} does not know {location.PostalCode} of {location.Id}.");
        return new()
        {
            Name = location.Name,
            Type = location.Type,
            Address = new() { Line1 = location.Line1, City = location.City, Region = location.State, PostalCode = location.PostalCode, Country = SampleOrder.Country },
            Coordinates = new() { Latitude = point.Latitude, Longitude = point.Longitude },
            TimeZone = location.TimeZone,
            CutOff = location.CutOff,
            Markets = [Market],
            Priority = location.Priority,
            Active = true,
        };
    }

    private IEnumerable<PutPostalCodesItem> Destinations() => file.Orders.Select(order => order.PostalCode).Concat(SampleLocation.All.Select(it => it.PostalCode))
        .Distinct().Order(StringComparer.Ordinal)
        .Select(code => (Code: code, Point: postalCodes.Find(code))).Where(it => it.Point is not null)
        .Select(it => new PutPostalCodesItem { Country = SampleOrder.Country, PostalCode = it.Code, Latitude = it.Point!.Latitude, Longitude = it.Point.Longitude });

    private IEnumerable<RegisterItemsRow> Items() => file.Orders.SelectMany(order => order.Lines).DistinctBy(line => line.Sku)
        .OrderBy(line => line.Sku, StringComparer.Ordinal).Select(line => new RegisterItemsRow { Sku = line.Sku, Name = line.Name.Length == 0 ? line.Sku : line.Name });

    private async Task Register(RegisterItemsRow[] items, CancellationToken token)
    {
        var results = await oms.Api.RegisterItemsAsync(new() { Items = items }, cancellationToken: token).Required("The items");
        if (results.Results.FirstOrDefault(result => result.Outcome == RegisterItemsOutcome.Refused) is { } refused)
            throw new SampleException($"Item {refused.Sku} was refused: {refused.Code} {refused.Detail}");
    }

    private async Task Receive(string name, IEnumerable<StockReceipt> receipts, CancellationToken token) =>
        await Parallel.ForEachAsync(
            Receipts(name, receipts), new ParallelOptions { MaxDegreeOfParallelism = ReceiptsAtOnce, CancellationToken = token }, async (receipt, stop) =>
            {
                // Answers under a key are forgotten after some days, the document is not: yesterday's delivery does not arrive again.
                if (!await IsReceived(receipt, stop))
                    await oms.Api.ReceiveStockAsync(receipt, idempotencyKey: receipt.Document, cancellationToken: stop).Required($"Receipt {receipt.Document}");
            });

    private IEnumerable<ReceiveStockBody> Receipts(string name, IEnumerable<StockReceipt> receipts) => receipts.GroupBy(receipt => receipt.LocationId)
        .SelectMany(place => place.Chunk(LinesPerReceipt).Select((lines, number) => new ReceiveStockBody
        {
            LocationId = place.Key,
            Reason = "received",
            Document = $"{name}-{file.Fingerprint}-{place.Key}-{number + 1}",
            Lines = [.. lines.Select(line => new ReceiveStockBodyLine { Sku = line.Sku, Quantity = line.Quantity })],
        }));

    // A receipt is all or nothing, so its first line tells.
    private async Task<bool> IsReceived(ReceiveStockBody receipt, CancellationToken token)
    {
        var movements = oms.Api.ListAllMovementsAsync(receipt.Lines[0].Sku, receipt.LocationId, PatientClient.PageSize, token).Required("The movements", token);
        return await movements.AnyAsync(movement => movement.Document == receipt.Document, token);
    }
}
