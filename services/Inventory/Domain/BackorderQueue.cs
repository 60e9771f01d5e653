namespace Oms.Inventory.Domain;

/// <summary>
/// Who waits for which SKU, oldest order first. A SKU is served strictly in that order: a large line at the head holds back smaller ones behind it, because
/// otherwise a trickle of stock would feed the small ones for ever and the large one never. What is promised in this commit is not promised again in it.
/// </summary>
public sealed class BackorderQueue
{
    private readonly Dictionary<string, Waiting> queues = [];
    private readonly SortedSet<string> toServe = new(StringComparer.Ordinal);

    /// <summary>Fills in the head of a queue and what is available over all locations.</summary>
    /// <param name="sku">Whose queue.</param>
    /// <param name="available">Over all locations, before this page.</param>
    /// <param name="oldest">At least as many lines as there are, or will be, pieces: what stands behind those cannot be served.</param>
    public void Load(string sku, long available, IEnumerable<WaitingLine> oldest) => queues[sku] = new(available, oldest);

    public void StockChanged(string sku, int available)
    {
        if (queues.TryGetValue(sku, out var queue))
            queue.Available += available;
        if (available > 0)
            toServe.Add(sku);
    }

    /// <summary>
    /// Lets a line queue. With <paramref name="checkAtOnce"/> it is ready at once if there is enough for everybody before it and for itself; those before it
    /// are not disturbed, as they wait for an arrival.
    /// </summary>
    /// <returns>Whether it is ready.</returns>
    public bool Add(WaitingLine line, bool checkAtOnce)
    {
        var queue = queues[line.Sku];
        queue.Lines.Add(line);
        if (!checkAtOnce)
            return false;
        var before = queue.Lines.TakeWhile(other => other != line).Sum(other => (long)other.Quantity);
        return queue.Available - queue.Promised - before >= line.Quantity && Promise(queue, line);
    }

    /// <summary>Takes a line out, waiting or promised, and lets the next ones have their chance.</summary>
    public void Remove(Guid backorderId, BackorderLine line)
    {
        var queue = queues[line.Sku];
        queue.Lines.RemoveWhere(other => other.BackorderId == backorderId && other.Line == line.Line);
        if (queue.Promises.Remove((backorderId, line.Line)))
            queue.Promised -= line.Quantity;
        toServe.Add(line.Sku);
    }

    /// <summary>Tells the oldest lines of every SKU with news that they are ready, as far as the stock reaches.</summary>
    public void Serve(StockBook book, DateTimeOffset at)
    {
        List<WaitingLine> ready = [];
        foreach (var queue in toServe.Select(sku => queues[sku]))
            while (queue.Lines.Min is { } head && queue.Available - queue.Promised >= head.Quantity && Promise(queue, head))
                ready.Add(head);
        toServe.Clear();

        foreach (var lines in ready.GroupBy(line => line.BackorderId))
        {
            var backorder = book.Backorders[Backorder.Key(lines.Key)]!;
            book.Backorders.Append(backorder.Id, new BackorderLinesReady(
                lines.Key, backorder.OrderId, [.. lines.OrderBy(line => line.Line).Select(line => new BackorderLine(line.Line, line.Sku, line.Quantity))], at),
                backorder.TraceParent);
        }
    }

    private static bool Promise(Waiting queue, WaitingLine line)
    {
        queue.Promised += line.Quantity;
        queue.Promises.Add((line.BackorderId, line.Line));
        return queue.Lines.Remove(line);
    }

    private sealed class Waiting(long available, IEnumerable<WaitingLine> oldest)
    {
        public SortedSet<WaitingLine> Lines { get; } = new(oldest, WaitingLine.Oldest);

        public HashSet<(Guid BackorderId, int Line)> Promises { get; } = [];

        public long Available { get; set; } = available;

        public long Promised { get; set; }
    }
}
