namespace Oms.SystemTests.Simulation;

/// <param name="Findings">What does not hold; empty when all does.</param>
internal sealed record Played(int Seed, IReadOnlyList<string> Findings, IEnumerable<string> Story);

/// <summary>The life of a world from its seed to its end.</summary>
internal static class Simulation
{
    private const int Steps = 400;

    public static Played Play(int seed, Func<object, IEnumerable<object>>? tampering = null)
    {
        var world = new World(seed, tampering);
        try
        {
            return new(seed, Live(world), world.Story());
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            return new(seed, [$"nothing_throws {error.Message}"], [.. world.Story(), $"{error}"]);
        }
    }

    private static IReadOnlyList<string> Live(World world)
    {
        world.Live(Steps);
        world.ComeToRest();
        if (world.Check() is { Count: > 0 } findings)
            return findings;
        return world.HearEverythingAgain() is { } changed ? [$"hearing_everything_again_changes_nothing {changed}"] : world.Check();
    }
}
