using System.Text.Json;

namespace Oms.SystemTests.Simulation;

/// <summary>
/// Six services, a few shelves and several orders that compete for them, in one thread. Every decision, every process and every message is the product's own;
/// only what stands between them is made up: the network, the clocks, the database, the payment gateway, carriers and people. All choices come from the seed.
/// </summary>
internal sealed partial class World
{
    private static readonly string[] Skus = ["MUG", "PLATE", "BOWL"];
    private static readonly TimeSpan ClockErrorMax = TimeSpan.FromHours(2);
    private static readonly string[] HoldReasons = ["review", "address"];

    private readonly List<(DateTimeOffset At, string Who, object What)> story = [];
    private readonly IReadOnlyList<(int Weight, Action Choice)> choices;
    private readonly int ordersMax;
    private int placed;

    /// <param name="seed">Makes all choices.</param>
    /// <param name="tampering">A defect to plant in the network.</param>
    public World(int seed, Func<object, IEnumerable<object>>? tampering = null)
    {
        Seed = seed;
        Dice = new(seed);
        Network = new(Dice) { Weather = Weather.Of(Dice), Tampering = tampering };
        Gateway = new(this);
        Sales = new(this);
        Stockroom = new(this);
        Planner = new(this, Locations.Select((id, index) => Planner.Location(id, Dice.OneOf<int?>(null, index + 1))));
        Floor = new(this);
        Returns = new(this);
        Customers = new(this);
        ordersMax = Dice.Between(4, 8);
        choices = Choices();
    }

    public static IReadOnlyList<string> Locations { get; } = ["chicago", "newark", "reno"];

    public int Seed { get; }

    public Dice Dice { get; }

    public DateTimeOffset Now { get; private set; } = new(2026, 3, 2, 17, 0, 0, TimeSpan.Zero);

    public Network Network { get; }

    public PaymentProvider Gateway { get; }

    public Books Books { get; } = new();

    public Sales Sales { get; }

    public Stockroom Stockroom { get; }

    public Planner Planner { get; }

    public Floor Floor { get; }

    public ReturnsDesk Returns { get; }

    public CustomerBook Customers { get; }

    public int Messages { get; private set; }

    private Service[] Services => [Sales, Stockroom, Planner, Floor, Returns, Customers];

    public void Note(string who, object what) => story.Add((Now, who, what));

    /// <summary>All that happened, a line each.</summary>
    public IEnumerable<string> Story() => story.Select(it => it.What is string text
        ? $"{it.At:MM-dd HH:mm:ss} {it.Who,-10} {text}"
        : $"{it.At:MM-dd HH:mm:ss} {it.Who,-10} {it.What.GetType().Name} {JsonSerializer.Serialize(it.What, it.What.GetType())}");
}
