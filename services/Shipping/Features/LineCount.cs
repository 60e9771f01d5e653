using System.Collections.Immutable;
using Oms.Kernel;
using Oms.Shipping.Domain;

namespace Oms.Shipping.Features;

/// <summary>So many more pieces of a line, as a scanner counts them.</summary>
public sealed record LineCount(int Line, int Quantity)
{
    /// <summary>
    /// The named pieces, or all that are left when none are named. All lines are looked at, so that the sender hears everything at once; the code is that of
    /// the first wrong one.
    /// </summary>
    public static (ImmutableArray<Pieces> Pieces, Refusal? Refusal) Resolve(
        ImmutableArray<LineCount>? named, FulfillmentOrder it, Func<FulfillmentLine, int> left, Func<LineCount, FulfillmentLine, Refusal> tooMany)
    {
        if (named is not { } counts)
            return (it.Remaining(left), null);
        var lines = it.Lines.ToDictionary(line => line.Line);
        var wrong = counts.Select((wanted, index) => (index, refusal: lines.TryGetValue(wanted.Line, out var line)
                ? wanted.Quantity > left(line) ? tooMany(wanted, line) : null
                : ShippingRefusals.UnknownLine(wanted.Line)))
            .Where(found => found.refusal is not null).ToList();
        return wrong is [var first, ..]
            ? ([], first.refusal! with
            {
                Errors = wrong.ToImmutableSortedDictionary(found => $"lines[{found.index}]", found => new[] { found.refusal!.Detail }),
            })
            : ([.. counts.Select(wanted => new Pieces(wanted.Line, lines[wanted.Line].Sku, wanted.Quantity))], null);
    }
}
