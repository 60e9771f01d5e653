namespace Oms.SystemTests.Simulation;

/// <summary>How bad a world is, in percent. Some seeds are calm, in others one thing goes wrong all the time, in a few everything does.</summary>
internal sealed record Weather
{
    /// <summary>Everything arrives once and in order, and everybody answers yes.</summary>
    public static Weather Calm { get; } = new();

    /// <summary>A message never reaches the broker; the relay sends it again later.</summary>
    public int Lost { get; init; }

    /// <summary>The broker has it, and the relay does not know; it sends it again.</summary>
    public int ConfirmLost { get; init; }

    /// <summary>A service dies between its commit and its publishing.</summary>
    public int DiesBeforePublishing { get; init; }

    /// <summary>A consumer dies between its commit and its acknowledgement.</summary>
    public int DiesBeforeAcknowledging { get; init; }

    /// <summary>A later message overtakes.</summary>
    public int Reordered { get; init; }

    /// <summary>How many of the routes between services are slow: what travels on them is overtaken by almost everything.</summary>
    public int Slow { get; init; }

    /// <summary>The payment gateway does not hear the question.</summary>
    public int GatewayIsSilent { get; init; }

    /// <summary>The payment gateway moves the money, and nobody hears of it.</summary>
    public int GatewayTimesOut { get; init; }

    public int GatewayDeclines { get; init; }

    public int LocationRejects { get; init; }

    public int CustomersChangeTheirMinds { get; init; }

    public static Weather Of(Dice dice) => new()
    {
        Lost = dice.OneOf(0, 0, 5, 30),
        ConfirmLost = dice.OneOf(0, 5, 20),
        DiesBeforePublishing = dice.OneOf(0, 0, 5, 25),
        DiesBeforeAcknowledging = dice.OneOf(0, 5, 20),
        Reordered = dice.OneOf(0, 10, 50, 100),
        Slow = dice.OneOf(0, 10, 30),
        GatewayIsSilent = dice.OneOf(0, 0, 10, 60),
        GatewayTimesOut = dice.OneOf(0, 10, 40),
        GatewayDeclines = dice.OneOf(0, 0, 10, 30),
        LocationRejects = dice.OneOf(0, 5, 15),
        CustomersChangeTheirMinds = dice.OneOf(0, 1, 3, 8),
    };
}
