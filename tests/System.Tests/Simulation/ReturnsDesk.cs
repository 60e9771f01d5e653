using System.Collections.Immutable;
using Oms.Contracts.Orders.V1;
using Oms.Contracts.Shipping.V1;
using Oms.Kernel;
using Oms.Returns.Domain;
using Oms.Returns.Features;
using Oms.Returns.Integration;
using V1 = Oms.Contracts.Inventory.V1;

namespace Oms.SystemTests.Simulation;

/// <summary>The Returns service, the customers who send back, and the people who look at what comes.</summary>
internal sealed class ReturnsDesk : Service
{
    public ReturnsDesk(World world) : base(world, "returns", ReturnsPublishedLanguage.Translate) => world.Network.Add(
        new("returns-orders", 8, it => it is OrderPlaced or ShipmentDelivered, Together),
        new("returns-answers", 1, it => it is PaymentRefunded or Contracts.Orders.V1.ReturnRefundRejected or V1.ReturnRestocked, page => Hear(page[0])));

    public Streams<Guid, ReturnableOrder, IReturnableOrderEvent> Orders { get; } = new();

    public Streams<Guid, Return, IReturnEvent> Returns { get; } = new();

    /// <summary>A customer wants to send something back, now and then more than there is.</summary>
    public void Request()
    {
        if (Orders.All.Where(order => order.Lines.Values.Any(line => line.Delivered > 0)).ToList() is not { Count: > 0 } delivered)
            return;
        var order = Dice.One(delivered);
        ImmutableArray<RequestReturn.Line> lines = [.. order.Lines.Where(_ => Dice.Chance(60))
            .Select(line => new RequestReturn.Line(line.Key, Dice.Between(1, Math.Max(1, line.Value.Left)), null))];
        var number = Returns.All.Count() + 1;
        var command = new RequestReturn(Ids.Derive("return", $"{number}"), order.Id, lines, "too small", null, Now);
        if (lines.IsEmpty || RequestReturnSlice.Decide(command, order).Events is not [{ } claimed])
            return;
        Tell(Orders, order.Id, claimed);
        Tell(Returns, command.ReturnId, RequestReturnSlice.Begin(command, $"RMA-{number}", Orders[order.Id]!));
        Commit();
    }

    /// <summary>Somebody decides upon a return, calls it off, or receives its goods.</summary>
    public void Work()
    {
        if (Waiting() is not { Count: > 0 } waiting)
            return;
        var it = Dice.One(waiting);
        switch (Dice.Number(10))
        {
            case 0:
                Decide(it.Id, order => DeclineReturnSlice.Decide(new(it.Id, "worn", Now), order), Claims.All);
                break;
            case 1:
                Decide(it.Id, order => CancelReturnSlice.Decide(new(it.Id, Now), order), Claims.All);
                break;
            case <= 4:
                Decide(it.Id, order => ApproveReturnSlice.Decide(new(it.Id, Now), order), _ => []);
                break;
            default:
                Receive(it);
                break;
        }
    }

    public bool Finish()
    {
        var waiting = Waiting();
        foreach (var it in waiting)
        {
            Decide(it.Id, order => ApproveReturnSlice.Decide(new(it.Id, Now), order), _ => []);
            Receive(Returns[it.Id]!);
        }
        return waiting.Count > 0;
    }

    private List<Return> Waiting() => [.. Returns.All.Where(it => it is { Status: ReturnStatus.Requested } or { Status: ReturnStatus.Open, ReceivedAt: null })];

    private void Receive(Return it)
    {
        var location = Dice.One(World.Locations);
        ImmutableArray<ReceiveReturn.Line> lines = [.. it.Lines.Select(line => new ReceiveReturn.Line(
            line.Line, Dice.OneOf(line.Quantity, Dice.Between(1, line.Quantity)), Dice.OneOf(Enum.GetValues<Disposition>())))];
        if (!Decide(it.Id, order => ReceiveReturnSlice.Decide(new(it.Id, location, lines, Now), order), Claims.NotReceived))
            return;
        foreach (var line in Returns[it.Id]!.Received.Where(line => RestockStates.Of(line.Disposition) is not null))
            World.Books.Came(location, line.Sku, line.Quantity);
    }

    // As the slices have it: what the return does not need any more is given back in the same commit.
    private bool Decide(Guid id, Func<Return?, Decision<IReturnEvent>> decide, Func<Return, ImmutableArray<ClaimedLine>> release)
    {
        var happened = decide(Returns[id]).Events;
        foreach (var fact in happened)
            Tell(Returns, id, fact);
        var it = Returns[id]!;
        foreach (var fact in happened.IsEmpty ? [] : Claims.Release(it, release(it), Now))
            Tell(Orders, it.OrderId, fact);
        Commit();
        return !happened.IsEmpty;
    }

    private void Together(IReadOnlyList<object> page)
    {
        foreach (var news in page.Select(message => message is OrderPlaced placed
                     ? OrderPlacedConsumer.Read(placed, null)
                     : ShipmentDeliveredConsumer.Read((ShipmentDelivered)message, null)))
        foreach (var fact in news.Decide(Orders[news.OrderId]))
            Tell(Orders, news.OrderId, fact);
        Commit();
    }

    private void Hear(object message)
    {
        var answer = message switch
        {
            PaymentRefunded m => AnswerConsumer.Read(m),
            Contracts.Orders.V1.ReturnRefundRejected m => AnswerConsumer.Read(m),
            _ => AnswerConsumer.Read((V1.ReturnRestocked)message),
        };
        if (answer is var (id, decide))
            Decide(Returns, id, decide);
    }
}
