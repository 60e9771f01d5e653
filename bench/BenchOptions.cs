using Oms.AppHost.Local;

namespace Oms.Bench;

internal enum WarehouseMode { Single, Batch }

internal enum Consumers { Running, Paused, Both }

/// <summary>What the person at the keyboard asked for.</summary>
internal sealed record BenchOptions
{
    public string Scenario { get; init; } = "";

    public TimeSpan Measured { get; init; } = TimeSpan.FromSeconds(10);

    public TimeSpan WarmUp { get; init; } = TimeSpan.FromSeconds(5);

    public IReadOnlyList<int>? Clients { get; init; }

    public int? Orders { get; init; }

    public string? JsonFile { get; init; }

    /// <summary>Of a platform that runs already; null starts one.</summary>
    public Uri? Gateway { get; init; }

    public string? ApiKey { get; init; }

    public WarehouseMode Warehouse { get; init; } = WarehouseMode.Batch;

    /// <summary>What the carrier tells of each parcel, in this sequence.</summary>
    public IReadOnlyList<string> Tracking { get; init; } = ["PU", "IT", "OD", "DV"];

    public Consumers Consumers { get; init; } = Consumers.Both;

    public int Skus { get; init; } = 1_000;

    public bool Drain { get; init; }

    public TimeSpan DrainMax { get; init; } = TimeSpan.FromSeconds(60);

    public IReadOnlyList<int> Sizes { get; init; } = [1_000, 100_000, 1_000_000];

    public IReadOnlyList<int> Locations { get; init; } = [10, 100, 1_000];

    public IReadOnlyList<int> Replicas { get; init; } = [1, 2, 4];

    public string Filter { get; init; } = "*";

    public bool Help { get; init; }

    public const string HelpText = """
        Measures the platform. Bounded in count and time; nothing leaves this machine.

          dotnet run -c Release --project bench -- <scenario> [options]

          place      POST /v1/orders until 201, beside the floor: the same rows in one raw batch
          lifecycle  an order from placed to completed, a constant number in flight
          import     NDJSON of many orders
          read       the reads that callers do all day, at growing numbers of orders in the store
          hot-sku    64 reservations of one SKU at once, and 64 clients for the last 1,000 pieces
          route      decisions per second, and how good they are
          rebuild    every read model of Order from its events while it is being read
          scale      place and lifecycle with several replicas of Order and Inventory
          start      seconds until everything is healthy, and the memory of each service
          micro      deciders, relay, serialization, routing alone (BenchmarkDotNet)
          all        everything, one after the other

          --seconds N           measured, per point (10)
          --warm-up N           before that, not measured (5)
          --clients 1,8,16      concurrent clients, or orders in flight
          --orders N            how many, where a scenario counts orders
          --json FILE           where the points go: an array, one object per point
          --gateway URL         a platform that runs already, with --api-key KEY
          --warehouse MODE      lifecycle: single (one call per order and step) or batch (default)
          --tracking CODES      lifecycle: what the carrier tells of each parcel (PU,IT,OD,DV)
          --consumers MODE      place: running, paused or both (default)
          --skus N              how many are sold (1000)
          --drain               import: wait until everything is in fulfillment
          --drain-seconds N     how long a backlog may take to go away (60)
          --sizes 1000,…        read: orders in the store
          --locations 10,…      route
          --replicas 1,2,4      scale
          --filter GLOB         micro
        """;

    /// <summary>Throws <see cref="UsageException"/> for what it does not understand.</summary>
    public static BenchOptions Parse(IReadOnlyList<string> args)
    {
        var options = args.Contains("all")
            ? new() { Measured = TimeSpan.FromSeconds(8), WarmUp = TimeSpan.FromSeconds(4), DrainMax = TimeSpan.FromSeconds(20) } : new BenchOptions();
        for (var i = 0; i < args.Count; i++)
        {
            var name = args[i];
            options = name switch
            {
                "--help" or "-h" => options with { Help = true },
                "--drain" => options with { Drain = true },
                _ when name.StartsWith("--", StringComparison.Ordinal) =>
                    options.With(name, ++i < args.Count ? args[i] : throw new UsageException($"{name} needs a value.")),
                _ when options.Scenario.Length == 0 => options with { Scenario = name },
                _ => throw new UsageException($"'{name}' is one word too many."),
            };
        }
        if (options is { Scenario: "", Help: false })
            throw new UsageException("Which scenario?");
        return options is { Gateway: not null, ApiKey: null } ? throw new UsageException("--gateway goes with --api-key.") : options;
    }

    private BenchOptions With(string name, string value) => name switch
    {
        "--seconds" => this with { Measured = Seconds(name, value, atLeast: 1) },
        "--warm-up" => this with { WarmUp = Seconds(name, value, atLeast: 0) },
        "--clients" => this with { Clients = Numbers(name, value, 512) },
        "--orders" => this with { Orders = Number(name, value, 2_000_000) },
        "--json" => this with { JsonFile = value },
        "--gateway" => this with { Gateway = Loopback(value) },
        "--api-key" => this with { ApiKey = value },
        "--warehouse" => this with { Warehouse = Choice<WarehouseMode>(name, value) },
        "--tracking" => this with { Tracking = value.Split(',') is [.., "DV"] codes ? codes : throw new UsageException("--tracking ends with DV.") },
        "--consumers" => this with { Consumers = Choice<Consumers>(name, value) },
        "--skus" => this with { Skus = Number(name, value, 10_000) },
        "--drain-seconds" => this with { DrainMax = Seconds(name, value, atLeast: 0) },
        "--sizes" => this with { Sizes = Numbers(name, value, 2_000_000) },
        "--locations" => this with { Locations = Numbers(name, value, 10_000) },
        "--replicas" => this with { Replicas = Numbers(name, value, 8) },
        "--filter" => this with { Filter = value },
        _ => throw new UsageException($"Unknown option '{name}'."),
    };

    // What is measured shares this machine, so that nobody else's is loaded by mistake.
    private static Uri Loopback(string value) => Uri.TryCreate(value, UriKind.Absolute, out var uri) && uri.IsLoopback
        ? uri
        : throw new UsageException($"--gateway is a URL on this machine, not '{value}'.");

    private static TimeSpan Seconds(string name, string value, int atLeast) =>
        int.TryParse(value, out var seconds) && seconds >= atLeast && seconds <= 3_600
            ? TimeSpan.FromSeconds(seconds)
            : throw new UsageException($"{name} is a number of seconds from {atLeast} to 3600, not '{value}'.");

    private static int Number(string name, string value, int max) =>
        int.TryParse(value, out var number) && number >= 1 && number <= max ? number
            : throw new UsageException($"{name} is a number from 1 to {max}, not '{value}'.");

    private static int[] Numbers(string name, string value, int max) => [.. value.Split(',').Select(part => Number(name, part, max))];

    private static T Choice<T>(string name, string value) where T : struct, Enum =>
        Enum.TryParse<T>(value, ignoreCase: true, out var choice) && Enum.IsDefined(choice)
            ? choice
            : throw new UsageException($"{name} is one of {string.Join(", ", Enum.GetNames<T>()).ToLowerInvariant()}, not '{value}'.");
}
