using System.Collections.Immutable;
using Oms.Kernel;

namespace Oms.Inventory.Domain;

/// <summary>Every "no" of this service to a person.</summary>
public static class InventoryRefusals
{
    public static Refusal ItemNotFound(string sku) => Refusal.NotFound("item-not-found", $"There is no item {sku}.");

    public static Refusal LevelNotFound(string sku, string locationId) =>
        Refusal.NotFound("level-not-found", $"There has never been stock of {sku} at {locationId}.");

    public static Refusal ReservationNotFound(Guid id) => Refusal.NotFound("reservation-not-found", $"There is no reservation {id}.");

    public static Refusal UnknownLocation(string locationId) =>
        Refusal.Invalid("unknown-location", $"There is no location {locationId}.") with { Errors = At("locationId", "is not a registered location") };

    public static Refusal UnknownSkus(IEnumerable<string> skus) =>
        Refusal.Invalid("unknown-sku", $"Not registered: {string.Join(", ", skus)}. Register items before their stock moves.");

    public static Refusal InsufficientStock(string locationId, IReadOnlyList<(string Sku, StockState State, int Present, int After)> shortages) =>
        Refusal.Conflict("insufficient-stock", $"At {locationId}, no state may fall below zero: " + string.Join("; ", shortages.Select(it =>
            $"{it.Sku} has {it.Present} {it.State.Word()}, which would become {it.After}")) + ".") with
        {
            Errors = shortages.GroupBy(it => it.Sku).ToImmutableSortedDictionary(
                it => it.Key, it => it.Select(short_ => $"{short_.State.Word()}: {short_.Present} present, {short_.After} after").ToArray()),
        };

    public static Refusal LevelTooLarge(string locationId, IEnumerable<string> skus) =>
        Refusal.Conflict("level-too-large", $"A level holds at most {StockCounts.Max} pieces; at {locationId} this would be more: {string.Join(", ", skus)}.");

    public static Refusal CompareMismatch(string locationId, IReadOnlyList<(string Sku, StockState State, int Compared, int Present)> mismatches) =>
        Refusal.Conflict("compare-mismatch", $"At {locationId} somebody was faster: " + string.Join("; ", mismatches.Select(it =>
            $"{it.Sku} has {it.Present} {it.State.Word()}, not {it.Compared}")) + ". Nothing was set.") with
        {
            Errors = mismatches.GroupBy(it => it.Sku).ToImmutableSortedDictionary(
                it => it.Key, it => it.Select(other => $"{other.State.Word()}: {other.Compared} expected, {other.Present} present").ToArray()),
        };

    private static ImmutableSortedDictionary<string, string[]> At(string path, string reason) =>
        ImmutableSortedDictionary<string, string[]>.Empty.Add(path, [reason]);
}
