using Oms.Orders.Fulfillment;
using Order = Oms.Orders.Domain.Order;

namespace Oms.SystemTests.Simulation;

/// <summary>The end of a world: from here on everything arrives, and everybody answers yes.</summary>
internal sealed partial class World
{
    private const int RoundsMax = 3_000;
    private const int MessagesMax = 50_000;

    /// <summary>How often a capture may be missing when everybody who waits has been reminded.</summary>
    private const int MoneyPatience = 3;

    /// <summary>Until nothing is left to do but to wait for stock or people.</summary>
    public void ComeToRest()
    {
        Network.Weather = Weather.Calm with { Reordered = Network.Weather.Reordered };
        // Until the true time has passed whatever a wrong clock has said.
        Now += ClockErrorMax;
        foreach (var service in Services)
            service.Skew = TimeSpan.Zero;
        var peopleCome = Dice.Chance(60);
        var (lookedAt, patience) = (-1, MoneyPatience);
        for (var round = 0; ; round++)
        {
            if (round > RoundsMax)
                throw new InvalidOperationException(
                    $"The world does not come to rest: {string.Join(", ", Sales.Processes.Values.Select(it => it.CurrentState))}.");
            Drain();
            if (Floor.Finish() || Floor.FinishScans() || Returns.Finish() || (peopleCome && ReleaseAll()))
                continue;
            // Whoever waits for stock looks once more whenever something has changed.
            var changed = Changes();
            if (LetDeadlinesPass(process => process.CurrentState != nameof(FulfillmentProcess.Backordered)))
                continue;
            if (changed == lookedAt && (!MoneyIsUnderway() || patience-- == 0))
                return;
            lookedAt = changed;
            LetDeadlinesPass(process => process.CurrentState == nameof(FulfillmentProcess.Backordered));
        }
    }

    /// <summary>Everything that was ever heard, once more and in another order.</summary>
    /// <returns>What has changed by it; null when nothing has, or when the gateway may answer for the first time what nobody asks any more.</returns>
    public string? HearEverythingAgain()
    {
        var mayChange = Network.Errors.Count > 0 || Sales.Orders.All.Any(order =>
            !order.Payment.IsCaptured || order.Payment is { AuthorizationId: not null, Reference: null, DeclineReason: null });
        var (told, before) = (story.Count, Events());
        var all = Network.Heard.ToArray();
        Dice.Shuffle(all);
        foreach (var delivery in all)
            Consume([delivery]);
        Drain();
        return mayChange || before == Events() ? null : string.Join("; ", Story().Skip(told));
    }

    private int Events() => Sales.Orders.Events
        + Stockroom.Levels.Events + Stockroom.Reservations.Events + Stockroom.Backorders.Events + Stockroom.Restocks.Events
        + Planner.Decisions.Events + Floor.FulfillmentOrders.Events + Floor.Shipments.Events + Returns.Orders.Events + Returns.Returns.Events
        + Customers.Orders.Events + Customers.Customers.Events;

    /// <summary>Delivers until nothing is underway and nothing is left with a relay.</summary>
    private void Drain()
    {
        for (Network.SendErrorsAgain(); !Network.IsQuiet; Network.Sweep())
            while (Deliver())
                if (Messages > MessagesMax)
                    throw new InvalidOperationException("The messages do not come to an end.");
    }

    private bool ReleaseAll()
    {
        var released = false;
        foreach (var order in Sales.Orders.All.ToList())
        foreach (var hold in order.Holds)
            released |= Sales.Release(order.Id, hold.Reason);
        return released;
    }

    /// <returns>Whether any of these processes was waiting.</returns>
    private bool LetDeadlinesPass(Func<FulfillmentState, bool> of)
    {
        var waiting = Sales.Processes.Values.Where(process => process.DueAt is not null && !WaitsForPeople(process) && of(process)).ToList();
        if (waiting.Count == 0)
            return false;
        var due = waiting.Max(process => process.DueAt!.Value);
        Now = due > Now ? due : Now;
        Sales.SweepDeadlines();
        return true;
    }

    private bool WaitsForPeople(FulfillmentState process) => NameOfWaiting(process, Sales.Orders[process.CorrelationId]!) is "held" or "turned back";

    /// <summary>What an order may wait for when everybody has answered; null when there is nothing to wait for.</summary>
    private string? NameOfWaiting(FulfillmentState process, Order order) => process.CurrentState switch
    {
        nameof(FulfillmentProcess.Held) when order.IsHeld => "held",
        nameof(FulfillmentProcess.Backordered) when order.HasBackordered => "backordered",
        nameof(FulfillmentProcess.Delivering) when order.Payment.IsCaptured && order.Parcels.All(it => it.Delivered || Floor.NeverArrives(it.ShipmentId))
            => "turned back",
        _ => null,
    };

    // What can let a waiting order go on: stock, or another order that has stopped waiting for it.
    private int Changes() => Stockroom.Levels.Events + Stockroom.Reservations.Events;

    // While people hold an order nobody is asked for anything, and so not again for what the gateway has not answered.
    private bool MoneyIsUnderway() =>
        Sales.Orders.All.Any(order => !order.IsHeld && !order.Payment.IsCaptured) || Network.Errors.Exists(it => !IsHeld(it.Message));
}
