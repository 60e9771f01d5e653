using Oms.Kernel;

namespace Oms.Inventory.Domain;

/// <summary>Something asked of stock, together with what has to be read before it can be decided.</summary>
public interface IStockCommand
{
    DateTimeOffset At { get; }

    /// <summary>The trace of the message or request that asks.</summary>
    string? TraceParent { get; }

    /// <summary>Asks for the streams that own the outcome.</summary>
    void AskForStories(StockNeeds needs);

    /// <summary>Asks for levels, once the stories are in the book: a release says nothing of where the pieces are.</summary>
    void AskForStock(StockNeeds needs, StockBook book);

    /// <summary>Appends what follows to the book, or nothing at all with a refusal.</summary>
    Refusal? Decide(StockBook book);
}

/// <summary>What a page of commands has to read.</summary>
public sealed class StockNeeds
{
    private readonly Dictionary<Guid, List<StockLine>> aboutToBeHeld = [];

    public HashSet<string> Reservations { get; } = [];

    public HashSet<string> Backorders { get; } = [];

    public HashSet<string> Restocks { get; } = [];

    public HashSet<string> Levels { get; } = [];

    /// <summary>SKUs of which somebody has to know whether they are registered.</summary>
    public HashSet<string> Items { get; } = [];

    /// <summary>The SKUs whose queue may be served, each with how many pieces may become available in this page at most.</summary>
    public Dictionary<string, long> Queues { get; } = [];

    /// <param name="id">Which reservation.</param>
    /// <param name="lines">What it will hold, for the command that makes it.</param>
    public void Reservation(Guid id, IReadOnlyList<StockLine>? lines = null)
    {
        Reservations.Add(Domain.Reservation.Key(id));
        if (lines is null)
            return;
        // Whoever asks twice for one reservation, and for something else the second time, gets the first; here both are looked at, before that is known.
        if (!aboutToBeHeld.TryGetValue(id, out var held))
            aboutToBeHeld[id] = held = [];
        held.AddRange(lines);
    }

    /// <summary>What a reservation holds, or may hold by the time it is decided upon: it can be made and given back within one page.</summary>
    public IEnumerable<StockLine> HeldBy(Guid reservationId, StockBook book) =>
        book.Reservations[Domain.Reservation.Key(reservationId)] is { Lines.IsEmpty: false } reservation
            ? reservation.Lines.Select(line => new StockLine(line.Line, line.Sku, line.LocationId, line.Held))
            : aboutToBeHeld.GetValueOrDefault(reservationId, []);

    public void Level(string locationId, string sku) => Levels.Add(InventoryLevel.Key(locationId, sku));

    public void Queue(string sku, long mayBecomeAvailable) => Queues[sku] = Queues.GetValueOrDefault(sku) + mayBecomeAvailable;
}
