using System.Text.Json;
using Oms.Contracts.Orders.V1;
using Oms.Inventory.Domain;
using Oms.Inventory.Features;
using Oms.Orders.Payments;

namespace Oms.SystemTests.Simulation;

/// <summary>What may happen in a world: whatever the dice say, one thing after the other.</summary>
internal sealed partial class World
{
    /// <summary>Lets everything go wrong for so many steps.</summary>
    public void Live(int steps)
    {
        foreach (var sku in Skus)
        {
            Stockroom.Register(sku);
            foreach (var location in Locations)
                if (Dice.Chance(70))
                    Receive(location, sku, Dice.Between(1, 6));
        }
        for (var step = 0; step < steps; step++)
            Dice.Weighted(choices)();
    }

    private List<(int Weight, Action Choice)> Choices()
    {
        var minds = Network.Weather.CustomersChangeTheirMinds;
        return
        [
            (550, () => Deliver()), (30, Repeat), (40, Network.Sweep), (10, Network.SendErrorsAgain), (50, LetTimePass), (8, JumpAClock),
            (40, Place), (120, Floor.Work), (60, Floor.Scan),
            (12, StockArrives), (8, StockIsCounted), (2 * minds, Cancel), (2 * minds, Hold), (20, Release),
            (10 + 3 * minds, Returns.Request), (25, Returns.Work), (minds, Appease),
        ];
    }

    /// <returns>Whether anything was underway.</returns>
    private bool Deliver()
    {
        if (Network.Next() is not { Count: > 0 } page)
            return false;
        Consume(page);
        return true;
    }

    private void Repeat()
    {
        if (Network.Heard.Count > 0)
            Consume([Dice.One(Network.Heard)]);
    }

    private void Consume(IReadOnlyList<Delivery> page)
    {
        Messages += page.Count;
        try
        {
            page[0].Queue.Consume([.. page.Select(it => it.Message)]);
            Network.Acknowledge(page);
            if (Dice.Chance(Network.Weather.DiesBeforeAcknowledging))
                foreach (var delivery in page)
                    Network.Again(delivery);
        }
        catch (Exception) when (page.Count > 1)                         // as Pages have it: each alone
        {
            foreach (var delivery in page)
                Consume([delivery]);
        }
        catch (Exception error) when (MayBeTriedAgain(page[0].Message, error))
        {
            Note("errors", $"{page[0]}: {error.Message}");
            Network.Errors.Add(page[0]);
        }
        catch (Exception error)
        {
            var message = JsonSerializer.Serialize(page[0].Message, page[0].Message.GetType());
            throw new InvalidOperationException($"{page[0]} cannot be consumed: {error.Message} {message}", error);
        }
    }

    // Everything else that cannot be consumed is a defect, because nobody could repair it by sending it again.
    private static bool MayBeTriedAgain(object message, Exception error) =>
        error is PaymentGatewayTimeoutException || (message is RefundReturn && error is InvalidOperationException);

    private void Place()
    {
        if (placed < ordersMax)
            placed++;
        else if (!Dice.Chance(20))
            return;
        // The last one again, now and then: a channel that has not heard the answer.
        Sales.Place(Shopper.Order(new(Seed * 31 + placed), placed, Skus, Sales.Now));
    }

    private void WithAnOrder(Action<Guid> act)
    {
        if (Sales.Processes.Count > 0)
            act(Sales.Processes.Keys.ElementAt(Dice.Number(Sales.Processes.Count)));
    }

    // Those who have no parcel yet change their minds most easily.
    private void Cancel()
    {
        if (Sales.Orders.All.Where(order => order is { IsCanceled: false, HasShipped: false }).ToList() is { Count: > 0 } early)
            Sales.Cancel(Dice.Chance(70) ? Dice.One(early).Id : Dice.One(Sales.Orders.All.ToList()).Id);
    }

    private void Hold() => WithAnOrder(id => Sales.Hold(id, Dice.One(HoldReasons)));

    private void Release() => WithAnOrder(id =>
    {
        if (Sales.Orders[id]!.Holds is { IsEmpty: false } holds)
            Sales.Release(id, Dice.One(holds).Reason);
    });

    private void Appease() => WithAnOrder(id => Sales.Appease(id, Dice.Between(1, 5)));

    private void StockArrives() => Receive(Dice.One(Locations), Dice.One(Skus), Dice.Between(1, 4));

    private void Receive(string location, string sku, int pieces)
    {
        // They stand on the shelf before anybody has counted them.
        Books.Came(location, sku, pieces);
        Stockroom.Record(new ReceiveStock(location, "received", null, [(sku, pieces)], Now, null));
    }

    private void StockIsCounted()
    {
        var (location, sku, available) = (Dice.One(Locations), Dice.One(Skus), 0);
        available = Stockroom.Available(location, sku);
        IMovementDocument document = Dice.Number(4) switch
        {
            0 => new AdjustStock(location, "shrinkage", null, [(sku, StockState.Available, -Dice.Between(1, 2))], Now, null),
            1 => new MoveStock(location, "safety_stock", null, [(sku, StockState.Available, StockState.SafetyStock, 1)], Now, null),
            2 => new MoveStock(location, "other", null, [(sku, Dice.OneOf(StockState.SafetyStock, StockState.Damaged), StockState.Available, 1)], Now, null),
            _ => new SetStock(location, "cycle_count", null, [(sku, StockState.Available, Math.Max(0, available + Dice.Between(-1, 1)), available)], Now, null),
        };
        var before = Stockroom.Levels[InventoryLevel.Key(location, sku)]?.Counts.OnHand ?? 0;
        if (Stockroom.Record(document))
            Books.Came(location, sku, (Stockroom.Levels[InventoryLevel.Key(location, sku)]?.Counts.OnHand ?? 0) - before);
    }

    private void LetTimePass()
    {
        Now += Dice.Number(80) switch
        {
            0 => TimeSpan.FromDays(31),
            < 6 => TimeSpan.FromDays(1),
            < 15 => TimeSpan.FromHours(1),
            < 40 => TimeSpan.FromMinutes(2),
            _ => TimeSpan.FromSeconds(3),
        };
        Sales.SweepDeadlines();
    }

    private void JumpAClock() => Dice.One(Services).Skew = ClockErrorMax * (Dice.Between(-100, 100) / 100.0);
}
