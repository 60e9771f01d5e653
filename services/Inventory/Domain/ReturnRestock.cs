using Oms.Kernel;

namespace Oms.Inventory.Domain;

/// <summary>The fact that a return's pieces were put away.</summary>
public interface IReturnRestockEvent
{
    Guid ReturnId { get; }
}

public sealed record RestockLine(int Line, string Sku, int Quantity, StockState State);

public sealed record ReturnRestocked(
    Guid ReturnId, Guid OrderId, string LocationId, IReadOnlyList<RestockLine> Lines, DateTimeOffset At, string? TraceParent) : IReturnRestockEvent;

/// <summary>Remembers that a return's pieces were put away, so that they never are twice.</summary>
public sealed record ReturnRestock(string Id, Guid ReturnId, string? TraceParent) : IFold<ReturnRestock, IReturnRestockEvent>, ITraced
{
    public static string Key(Guid returnId) => $"restock/{returnId:N}";

    public static ReturnRestock After(ReturnRestock? restock, IReturnRestockEvent happened) => (restock, happened) switch
    {
        (null, ReturnRestocked e) => new(Key(e.ReturnId), e.ReturnId, e.TraceParent),
        _ => throw new InvalidOperationException($"{happened.GetType().Name} cannot follow {restock}."),
    };
}
