using Spectre.Console;

namespace Oms.Sample.Tests;

/// <summary>Days with the first orders of the sample data, on a platform of their own.</summary>
internal sealed class Played
{
    private const int Orders = 300;
    private readonly StringWriter shown = new();

    public TinyPlatform Platform { get; } = new();

    public SampleFile File { get; } = FirstOrders();

    public string Shown => shown.ToString();

    public async Task<Outcome> Play()
    {
        using var oms = new PatientClient(new("http://platform"), "key", Platform);
        var console = AnsiConsole.Create(new() { Out = new AnsiConsoleOutput(shown), Interactive = InteractionSupport.No });
        using var day = new Day(oms, File, Samples.PostalCodes, console, reconciliationSecondsMax: 0);
        var outcome = await day.Play(_ => Task.FromResult(0), CancellationToken.None);
        outcome.Show(console);
        return outcome;
    }

    private static SampleFile FirstOrders()
    {
        var orders = SampleFile.Read(Samples.Orders).Orders.Take(Orders).ToList();
        return new([.. orders], [], 0, orders.Sum(order => order.Lines.Length), "first");
    }
}
