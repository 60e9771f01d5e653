using System.Reflection;
using System.Text.Json;
using Oms.Contracts;

namespace Oms.SystemTests.Simulation;

/// <summary>A receive endpoint: what it hears, and what it does with a page of it.</summary>
internal sealed record Queue(string Name, int PageMax, Func<object, bool> Hears, Action<IReadOnlyList<object>> Consume);

/// <summary>One contract on its way to one queue.</summary>
internal sealed class Delivery(Queue queue, object message)
{
    public Queue Queue { get; } = queue;

    public object Message { get; } = message;

    public bool WasHeard { get; set; }

    public override string ToString() => $"{Message.GetType().Name} for {Queue.Name}";
}

/// <summary>
/// The relays and the broker: what is committed is delivered at least once, some time, in any order. What a relay could not publish, or does not know whether
/// it has, stays with it until the next sweep.
/// </summary>
internal sealed class Network(Dice dice)
{
    private readonly Dictionary<Type, Queue[]> bindings = [];
    private readonly Dictionary<(Queue, Type), bool> slow = [];
    private readonly List<Queue> queues = [];
    private readonly List<Delivery> underway = [];
    private readonly List<Delivery> heard = [];
    private readonly List<Delivery[]> pointers = [];

    public Weather Weather { get; set; } = Weather.Calm;

    /// <summary>A defect to plant: what becomes of a contract between its relay and the broker.</summary>
    public Func<object, IEnumerable<object>>? Tampering { get; init; }

    /// <summary>Messages that could not be consumed, until somebody sends them again.</summary>
    public List<Delivery> Errors { get; } = [];

    public IReadOnlyList<Delivery> Heard => heard;

    public bool IsQuiet => underway.Count + pointers.Count == 0;

    public void Add(params IEnumerable<Queue> more) => queues.AddRange(more);

    /// <summary>What a commit says to others.</summary>
    public void Publish(IReadOnlyList<object> contracts)
    {
        if (contracts.Count == 0)
            return;
        var dies = dice.Chance(Weather.DiesBeforePublishing);
        foreach (var contract in contracts.SelectMany(it => Tampering?.Invoke(it) ?? [it]))
        {
            if (BoundTo(contract) is not { Length: > 0 } bound)
                continue;
            var arriving = ThroughTheBroker(contract);
            Delivery[] deliveries = [.. bound.Select(queue => new Delivery(queue, arriving))];
            if (dies)
                pointers.Add(deliveries);
            else
                Send(deliveries);
        }
    }

    /// <summary>The sweeper of deadlines is no relay: what it says may be lost, and is said again while it is due.</summary>
    public void Remind(object message)
    {
        if (!dice.Chance(Weather.Lost))
            underway.AddRange(BoundTo(message).Select(queue => new Delivery(queue, message)));
    }

    /// <summary>The relays publish what was left behind.</summary>
    public void Sweep()
    {
        var left = pointers.ToArray();
        pointers.Clear();
        foreach (var deliveries in left)
            Send(deliveries);
    }

    /// <summary>Somebody looks after the error queues.</summary>
    public void SendErrorsAgain()
    {
        underway.AddRange(Errors);
        Errors.Clear();
    }

    /// <summary>What arrives next: one message, or a page of them where the queue is decided by the page. Empty when nothing is underway.</summary>
    public IReadOnlyList<Delivery> Next()
    {
        if (underway.Count == 0)
            return [];
        var index = dice.Chance(Weather.Reordered) ? dice.Number(underway.Count) : 0;
        for (var passed = 0; passed < underway.Count && IsLate(underway[index]); passed++)
            index = (index + 1) % underway.Count;
        var first = Take(index);
        List<Delivery> page = [first];
        for (index = 0; index < underway.Count && page.Count < first.Queue.PageMax; index++)
            if (underway[index].Queue == first.Queue && dice.Chance(50))
                page.Add(Take(index--));
        return page;
    }

    public void Acknowledge(IEnumerable<Delivery> page)
    {
        foreach (var delivery in page.Where(it => !it.WasHeard))
        {
            delivery.WasHeard = true;
            heard.Add(delivery);
        }
    }

    public void Again(Delivery delivery) => underway.Add(delivery);

    // Others see what is written, not what was meant.
    private static object ThroughTheBroker(object contract) =>
        JsonSerializer.Deserialize(JsonSerializer.SerializeToUtf8Bytes(contract, contract.GetType()), contract.GetType())!;

    private Delivery Take(int index)
    {
        var delivery = underway[index];
        underway.RemoveAt(index);
        return delivery;
    }

    private void Send(Delivery[] deliveries)
    {
        var lost = dice.Chance(Weather.Lost);
        if (!lost)
            underway.AddRange(deliveries);
        if (lost || dice.Chance(Weather.ConfirmLost))
            pointers.Add(deliveries);
    }

    private bool IsLate(Delivery delivery)
    {
        if (Weather.Slow == 0)
            return false;
        var route = (delivery.Queue, delivery.Message.GetType());
        if (!slow.TryGetValue(route, out var isSlow))
            slow[route] = isSlow = dice.Chance(Weather.Slow);
        return isSlow && dice.Chance(97);
    }

    private Queue[] BoundTo(object contract)
    {
        var type = contract.GetType();
        if (!bindings.TryGetValue(type, out var bound))
            bindings[type] = bound = [.. queues.Where(queue => queue.Hears(contract))];
        return bound.Length > 0 || type.GetCustomAttribute<CommandAttribute>() is null
            ? bound
            : throw new InvalidOperationException($"Nobody receives the command {type.Name}.");
    }
}
