using Spectre.Console;

namespace Oms.Sample;

public static class SampleRun
{
    private const int Clean = 0;
    private const int NotClean = 1;
    private const int FileWidth = 400;

    /// <summary>Sends the orders of a file through the running platform, and plays everybody around it; the answer is the launcher's exit code.</summary>
    public static async Task<int> Run(
        Uri gateway,
        string apiKey,
        string ordersFile,
        string? reportFile,
        Func<CancellationToken, Task<int>> countErrorQueueMessages,
        CancellationToken token)
    {
        var console = AnsiConsole.Console;
        if (Console.IsOutputRedirected)
            console.Profile.Width = FileWidth;
        try
        {
            var file = SampleFile.Read(ordersFile);
            console.WriteLine($"{ordersFile}: {file.Rows} rows, {file.Orders.Length} orders, {file.Malformed.Length} malformed rows.");
            foreach (var row in file.Malformed.Take(Outcome.ShownMax))
                console.WriteLine($"  line {row.Row} {row.Why}");
            using var oms = new PatientClient(gateway, apiKey);
            using var day = new Day(oms, file, PostalCodes.Beside(ordersFile), console);
            var outcome = await day.Play(countErrorQueueMessages, token);
            outcome.Show(console);
            if (reportFile is not null)
                await File.WriteAllTextAsync(reportFile, outcome.Report.ToJson(), token);
            return outcome.Report.IsClean ? Clean : NotClean;
        }
        catch (SampleException problem)
        {
            console.WriteLine(problem.Message);
            return NotClean;
        }
    }
}
