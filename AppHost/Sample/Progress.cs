using Spectre.Console;

namespace Oms.Sample;

/// <summary>Shows how far the orders are: bars on a terminal, otherwise a line every few seconds.</summary>
internal sealed class Progress(IAnsiConsole console, OrderBook book)
{
    private static readonly TimeSpan LineEvery = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan BarsEvery = TimeSpan.FromMilliseconds(250);

    public async Task While(Task work)
    {
        if (console.Profile.Capabilities.Interactive && !Console.IsOutputRedirected)
            await Bars(work);
        else
            await Lines(work);
        await work;
    }

    private Task Bars(Task work) => console.Progress().AutoClear(false)
        .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(), new ElapsedTimeColumn())
        .StartAsync(async context =>
        {
            var (placed, shipped, delivered, final) = (Bar("placed"), Bar("shipped"), Bar("delivered"), Bar("final"));
            while (!work.IsCompleted)
            {
                Show();
                await Task.WhenAny(work, Clock.Pause(BarsEvery, CancellationToken.None));
            }
            Show();

            ProgressTask Bar(string name) => context.AddTask(name, maxValue: Math.Max(1, book.Stories.Count));

            void Show()
            {
                (placed.Value, shipped.Value, delivered.Value, final.Value) = (book.Placed, book.Shipped, book.Delivered, book.Final);
                shipped.Description = book.Waiting > 0 ? $"shipped ({book.Waiting} wait for stock)" : "shipped";
            }
        });

    private async Task Lines(Task work)
    {
        var begun = Clock.Mark();
        while (!work.IsCompleted)
        {
            await Task.WhenAny(work, Clock.Pause(LineEvery, CancellationToken.None));
            await console.Profile.Out.Writer.WriteLineAsync(
                $"{Clock.Since(begun).TotalSeconds,4:0} s  of {book.Stories.Count} orders: {book.Placed} placed, {book.Shipped} shipped, {book.Delivered} delivered, " +
                $"{book.Final} final; {book.Waiting} wait for stock");
        }
    }
}
