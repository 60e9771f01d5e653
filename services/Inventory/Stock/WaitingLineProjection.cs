using System.Collections.Immutable;
using JasperFx.Events;
using Marten;
using Marten.Events.Projections;
using Oms.Inventory.Domain;
using Oms.ServiceDefaults;

namespace Oms.Inventory.Stock;

/// <summary>Keeps the queue beside the backorders' own streams, in the same commit.</summary>
public sealed partial class WaitingLineProjection : EventProjection, IReadModel
{
    // As Backorder.Key writes it, without dashes.
    private const int BackorderIdLength = 32;

    public WaitingLineProjection()
    {
        foreach (var fact in Facts)
            IncludeType(fact);
    }

    public Type DocumentType => typeof(WaitingLine);

    public IReadOnlyList<Type> Facts { get; } = [typeof(BackorderQueued), typeof(BackorderLinesReady), typeof(BackorderCanceled)];

    public string OfStreams => $"d.backorder_id = any(array(select right(stream, {BackorderIdLength})::uuid from unnest($1) as stream))";

    public string StreamOf => "'backorder/' || replace(d.backorder_id::text, '-', '')";

    public override ValueTask ApplyAsync(IDocumentOperations operations, IEvent e, CancellationToken cancellation)
    {
        switch (e.Data)
        {
            case BackorderQueued queued:
                operations.Store(WaitingLine.Of(queued));
                break;
            case BackorderLinesReady ready:
                Delete(operations, ready.BackorderId, ready.Lines);
                break;
            case BackorderCanceled canceled:
                Delete(operations, canceled.BackorderId, canceled.Lines);
                break;
        }
        return ValueTask.CompletedTask;
    }

    /// <summary>The lines that still wait.</summary>
    public object After(object? state, object fact)
    {
        var waiting = (ImmutableArray<WaitingLine>?)state ?? [];
        return fact switch
        {
            BackorderQueued queued => waiting.AddRange(WaitingLine.Of(queued)),
            BackorderLinesReady ready => waiting.RemoveAll(line => ready.Lines.Any(it => it.Line == line.Line)),
            BackorderCanceled canceled => waiting.RemoveAll(line => canceled.Lines.Any(it => it.Line == line.Line)),
            _ => waiting,
        };
    }

    public IEnumerable<KeyValuePair<object, object>> Documents(object stream, object? state, long version) =>
        ((ImmutableArray<WaitingLine>?)state ?? []).Select(line => new KeyValuePair<object, object>(line.Id, line));

    private static void Delete(IDocumentOperations operations, Guid backorderId, IEnumerable<BackorderLine> lines)
    {
        foreach (var line in lines)
            operations.Delete<WaitingLine>(WaitingLine.Key(backorderId, line.Line));
    }
}
