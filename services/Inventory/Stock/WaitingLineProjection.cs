using JasperFx.Events;
using Marten;
using Marten.Events.Projections;
using Oms.Inventory.Domain;

namespace Oms.Inventory.Stock;

/// <summary>Keeps the queue beside the backorders' own streams, in the same commit.</summary>
public sealed partial class WaitingLineProjection : EventProjection
{
    public WaitingLineProjection()
    {
        IncludeType<BackorderQueued>();
        IncludeType<BackorderLinesReady>();
        IncludeType<BackorderCanceled>();
    }

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

    private static void Delete(IDocumentOperations operations, Guid backorderId, IEnumerable<BackorderLine> lines)
    {
        foreach (var line in lines)
            operations.Delete<WaitingLine>(WaitingLine.Key(backorderId, line.Line));
    }
}
