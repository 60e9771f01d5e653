namespace Oms.Inventory.Domain;

/// <summary>The states a piece can be in at a location. What is <see cref="Incoming"/> is expected, not there.</summary>
public enum StockState { Available, Committed, Reserved, Damaged, QualityControl, SafetyStock, Incoming }

/// <summary>How many pieces are in each state; the same shape serves as a change, where numbers may be negative.</summary>
/// <param name="OnHand">Everything that is physically there: the sum of the other states but <paramref name="Incoming"/>.</param>
/// <param name="Committed">Held for orders. It changes only with reservations.</param>
/// <param name="Reserved">Held for a time by somebody who is not an order.</param>
public sealed record StockCounts(
    int OnHand = 0, int Available = 0, int Committed = 0, int Reserved = 0, int Damaged = 0, int QualityControl = 0, int SafetyStock = 0, int Incoming = 0)
{
    /// <summary>Far above any shelf, far below where sums of a whole document could overflow.</summary>
    public const int Max = 1_000_000_000;

    public static StockCounts None { get; } = new();

    /// <summary>A change of one state, which is a change of what is on hand unless the pieces are only expected.</summary>
    public static StockCounts Of(StockState state, int quantity) => state switch
    {
        StockState.Available => new(quantity, Available: quantity),
        StockState.Committed => new(quantity, Committed: quantity),
        StockState.Reserved => new(quantity, Reserved: quantity),
        StockState.Damaged => new(quantity, Damaged: quantity),
        StockState.QualityControl => new(quantity, QualityControl: quantity),
        StockState.SafetyStock => new(quantity, SafetyStock: quantity),
        StockState.Incoming => new(Incoming: quantity),
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, "Not a state of stock."),
    };

    /// <summary>Pieces that go from one state to another.</summary>
    public static StockCounts Between(StockState from, StockState to, int quantity) => Of(from, -quantity) + Of(to, quantity);

    public int In(StockState state) => state switch
    {
        StockState.Available => Available,
        StockState.Committed => Committed,
        StockState.Reserved => Reserved,
        StockState.Damaged => Damaged,
        StockState.QualityControl => QualityControl,
        StockState.SafetyStock => SafetyStock,
        StockState.Incoming => Incoming,
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, "Not a state of stock."),
    };

    public static StockCounts operator +(StockCounts left, StockCounts right) => new(
        left.OnHand + right.OnHand, left.Available + right.Available, left.Committed + right.Committed, left.Reserved + right.Reserved,
        left.Damaged + right.Damaged, left.QualityControl + right.QualityControl, left.SafetyStock + right.SafetyStock, left.Incoming + right.Incoming);

    /// <summary>Whether what is on hand is the sum of its states.</summary>
    public bool AddsUp() => OnHand == Available + Committed + Reserved + Damaged + QualityControl + SafetyStock;

    public bool IsNegativeSomewhere() =>
        int.Min(OnHand, int.Min(int.Min(int.Min(Available, Committed), int.Min(Reserved, Damaged)), int.Min(int.Min(QualityControl, SafetyStock), Incoming))) < 0;
}

/// <summary>The words of the API for states and reasons.</summary>
public static class StockWords
{
    private static readonly Dictionary<string, StockState> States = new()
    {
        ["available"] = StockState.Available, ["committed"] = StockState.Committed, ["reserved"] = StockState.Reserved, ["damaged"] = StockState.Damaged,
        ["quality_control"] = StockState.QualityControl, ["safety_stock"] = StockState.SafetyStock, ["incoming"] = StockState.Incoming,
    };

    /// <summary>Why people move stock.</summary>
    public static readonly IReadOnlyList<string> Reasons =
        ["received", "correction", "cycle_count", "restock", "damaged", "shrinkage", "promotion", "quality_control", "safety_stock", "other"];

    public static StockState? State(string? word) => word is not null && States.TryGetValue(word, out var state) ? state : null;

    public static string Word(this StockState state) => States.First(it => it.Value == state).Key;

    /// <summary>What people may change by hand: everything but what reservations hold.</summary>
    public static string StatesForPeople { get; } = string.Join(", ", States.Where(it => it.Value != StockState.Committed).Select(it => it.Key));
}
