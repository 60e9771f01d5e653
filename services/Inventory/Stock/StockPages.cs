using Marten;
using Oms.Inventory.Domain;

namespace Oms.Inventory.Stock;

public static class StockPages
{
    /// <summary>How many messages share a commit at most.</summary>
    public const int CommandsMax = 64;

    /// <summary>Who is named in the ledger for what no person did.</summary>
    private const string System = "system";

    /// <summary>Decides a page of commands in their order and commits once, all or nothing.</summary>
    public static async Task DecideTogether(IDocumentStore store, IReadOnlyList<IStockCommand> commands, CancellationToken token)
    {
        await using var session = store.LightweightSession();
        session.LastModifiedBy = System;
        var page = await StockPage.Read(session, commands, token);
        foreach (var command in commands)
            if (page.Book.Decide(command) is { } refusal)
                throw new InvalidOperationException($"A machine was refused like a person: {refusal.Detail}");
        page.AppendTo(session);
        await session.SaveChangesAsync(token);
    }
}
