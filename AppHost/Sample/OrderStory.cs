using Oms.Client;
using Oms.Kernel;

namespace Oms.Sample;

/// <summary>An order of the file and what the client has seen of it.</summary>
internal sealed class OrderStory(SampleOrder order)
{
    private readonly Lock gate = new();
    private readonly Dictionary<Guid, bool> deliveredByParcel = [];
    private int rejections;
    private int returns;

    public SampleOrder Order { get; } = order;

    public Fate Fate { get; } = Fate.Of(order.Number);

    /// <summary>As the API answered last; null until it was placed.</summary>
    public OrderView? Latest { get; private set; }

    /// <summary>It was there already, from an earlier run on this data.</summary>
    public bool IsDuplicate { get; set; }

    /// <summary>Why it could not be placed.</summary>
    public Problem? Refusal { get; set; }

    public bool IsFinal { get; set; }

    public bool HasWaited { get; set; }

    /// <summary>True for the first who asks: a location says no only once, and may have done so in an earlier run.</summary>
    public bool TakeRejection() => Fate.IsRejectedOnce && !IsDuplicate && Interlocked.Exchange(ref rejections, 1) == 0;

    /// <summary>True for the first who asks: the customer sends something back only once.</summary>
    public bool TakeReturn() => Fate.IsReturned && Interlocked.Exchange(ref returns, 1) == 0;

    /// <summary>What the return desk paid back; null until it is done.</summary>
    public decimal? Refunded { get; set; }

    public Guid Id => Latest?.Id ?? throw new InvalidOperationException($"{Order.Number} has not been placed.");

    public bool IsSettled => IsFinal || Refusal is not null;

    public bool IsShipped => Latest?.Lines.Any(line => line.Quantities.Shipped > 0) == true || Parcels > 0;

    public bool IsDelivered => Latest?.Status is OrderStatus.Completed or OrderStatus.PartiallyReturned or OrderStatus.Returned || HasEveryParcelArrived;

    /// <summary>Of the parcels that were handed over so far.</summary>
    public bool HasEveryParcelArrived
    {
        get
        {
            lock (gate)
                return deliveredByParcel.Count > 0 && deliveredByParcel.Values.All(delivered => delivered);
        }
    }

    private int Parcels
    {
        get
        {
            lock (gate)
                return deliveredByParcel.Count;
        }
    }

    /// <summary>Whether the answer differs from the last one.</summary>
    public bool Saw(OrderView view)
    {
        lock (gate)
        {
            var isNews = Latest?.Status != view.Status || Latest?.Payment != view.Payment || !Latest.Lines.SequenceEqual(view.Lines);
            Latest = view;
            return isNews;
        }
    }

    /// <summary>Whether this parcel was unknown.</summary>
    public bool Shipped(Guid shipmentId)
    {
        lock (gate)
            return deliveredByParcel.TryAdd(shipmentId, false);
    }

    public void Delivered(Guid shipmentId)
    {
        lock (gate)
            deliveredByParcel[shipmentId] = true;
    }

    /// <summary>What the first pieces of a line cost: the total falls on the pieces by largest remainder, the lost cents on the first ones.</summary>
    public decimal ValueOf(int line, int pieces)
    {
        var (total, quantity) = (Order.Lines[line - 1].Price.Total, Order.Lines[line - 1].Quantity);
        return pieces == quantity
            ? total
            : new Money(total, SampleOrder.Currency).AllocateAcross([.. Enumerable.Repeat(1m, quantity)]).Take(pieces).Sum(piece => piece.Amount);
    }
}
