using Oms.Client;

namespace Oms.Sample;

/// <summary>How many pieces are in each state; as a change, by how many they became more.</summary>
internal sealed record Counts(
    int OnHand = 0, int Available = 0, int Committed = 0, int Reserved = 0, int Damaged = 0, int QualityControl = 0, int SafetyStock = 0, int Incoming = 0)
{
    public static Counts Of(StockCounts it) => new(
        it.OnHand ?? 0, it.Available ?? 0, it.Committed ?? 0, it.Reserved ?? 0, it.Damaged ?? 0, it.QualityControl ?? 0, it.SafetyStock ?? 0, it.Incoming ?? 0);

    public static Counts Of(IReadOnlyDictionary<string, int> it) => new(
        it.GetValueOrDefault("onHand"), it.GetValueOrDefault("available"), it.GetValueOrDefault("committed"), it.GetValueOrDefault("reserved"),
        it.GetValueOrDefault("damaged"), it.GetValueOrDefault("qualityControl"), it.GetValueOrDefault("safetyStock"), it.GetValueOrDefault("incoming"));

    public static Counts Of(LevelView it) =>
        new(it.OnHand, it.Available, it.Committed, it.Reserved, it.Damaged, it.QualityControl, it.SafetyStock, it.Incoming);

    public static Counts operator +(Counts left, Counts right) => new(
        left.OnHand + right.OnHand, left.Available + right.Available, left.Committed + right.Committed, left.Reserved + right.Reserved,
        left.Damaged + right.Damaged, left.QualityControl + right.QualityControl, left.SafetyStock + right.SafetyStock, left.Incoming + right.Incoming);

    public bool AddsUp => OnHand == Available + Committed + Reserved + Damaged + QualityControl + SafetyStock;

    public bool IsNegativeSomewhere => new[] { OnHand, Available, Committed, Reserved, Damaged, QualityControl, SafetyStock, Incoming }.Min() < 0;
}
