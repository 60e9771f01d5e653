namespace Oms.SystemTests.Simulation;

/// <summary>All choices of a world come from one seed, so that a run can be repeated.</summary>
internal sealed class Dice(int seed)
{
    private readonly Random random = new(seed);

    public int Number(int below) => random.Next(below);

    public int Between(int least, int most) => random.Next(least, most + 1);

    public bool Chance(int percent) => percent > 0 && random.Next(100) < percent;

    public T One<T>(IReadOnlyList<T> choices) => choices[random.Next(choices.Count)];

    public T OneOf<T>(params ReadOnlySpan<T> choices) => choices[random.Next(choices.Length)];

    /// <summary>One of the weighted choices.</summary>
    public T Weighted<T>(IReadOnlyList<(int Weight, T Choice)> choices)
    {
        var number = random.Next(choices.Sum(it => it.Weight));
        foreach (var (weight, choice) in choices)
            if ((number -= weight) < 0)
                return choice;
        throw new InvalidOperationException("There is nothing to choose from.");
    }

    public void Shuffle<T>(T[] items) => random.Shuffle(items);
}
