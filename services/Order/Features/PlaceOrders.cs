using Marten;
using Oms.Kernel;
using Oms.Orders.Domain;
using Oms.Orders.Fulfillment;
using Oms.ServiceDefaults;

namespace Oms.Orders.Features;

/// <summary>A request to place an order, on its way through a page.</summary>
public sealed class Placement(PlaceOrder command, PendingAnswer request)
{
    public PlaceOrder Command => command;

    public PendingAnswer Request => request;

    /// <summary>Null until it is decided.</summary>
    public Decided<Order, IOrderEvent>? Outcome { get; set; }

    public IResult Answer => Outcome switch
    {
        { Refusal: { } no } => Problems.From(no),
        { Happened.Count: 0, State: { } order } => TypedResults.Ok(OrderView.Of(order, Outcome.Version)),
        { State: { } order } => TypedResults.Created($"/v1/orders/{order.Id}", OrderView.Of(order, Outcome.Version)),
        _ => throw new InvalidOperationException("It is not decided yet."),
    };
}

/// <summary>Orders that arrive together are decided in their order and committed once, each with the beginning of its process.</summary>
public static class PlaceOrders
{
    public const int PageMax = 64;

    /// <summary>A page of requests.</summary>
    public static async Task PlaceTogether(IDocumentStore store, RiskPolicy risk, IReadOnlyList<Placement> page, CancellationToken token)
    {
        await using var session = store.LightweightSession();
        var outcomes = await session.Place([.. page.Select(it => (it.Command, it.Request.Subject))], risk, token);
        foreach (var (placement, outcome) in page.Zip(outcomes))
        {
            placement.Outcome = outcome;
            if (outcome.Refusal is null)
                placement.Request.Remember(session, placement.Answer, ETags.Of(outcome.Version));
        }
        await session.SaveChangesAsync(token);
    }

    /// <summary>Decides, and stages what follows; the caller commits.</summary>
    public static async Task<IReadOnlyList<Decided<Order, IOrderEvent>>> Place(
        this IDocumentSession session, IReadOnlyList<(PlaceOrder Command, string Subject)> page, RiskPolicy risk, CancellationToken token)
    {
        var known = (await session.LoadManyAsync<Order>(token, page.Select(it => it.Command.OrderId).Distinct().ToArray()))
            .ToDictionary(order => order.Id, order => (Order: order, Version: (long)order.Version));
        List<Decided<Order, IOrderEvent>> outcomes = [];
        foreach (var (command, subject) in page)
        {
            var (existing, version) = known.GetValueOrDefault(command.OrderId);
            var decision = PlaceOrderSlice.Decide(command, existing, risk);
            if (decision.Refusal is not null || decision.Events.IsEmpty)
            {
                outcomes.Add(new(existing, version, decision.Refusal, []));
                continue;
            }
            // Not there when it was looked for: somebody who was faster makes the commit fail, and the page is decided again.
            var order = Fold.All<Order, IOrderEvent>(decision.Events)!;
            known[order.Id] = (order, decision.Events.Length);
            session.Events.StartStream<Order>(order.Id, decision.Events.Select(fact => (object)session.Fact(fact, command.TraceParent, subject)).ToArray());
            session.Insert(FulfillmentBeginning.Of(order, command.At));
            outcomes.Add(new(order, decision.Events.Length, null, decision.Events));
        }
        return outcomes;
    }
}
