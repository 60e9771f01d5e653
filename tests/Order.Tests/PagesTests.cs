using Oms.ServiceDefaults;

namespace Oms.Orders.Tests;

public sealed class PagesTests
{
    /// <summary>Whoever comes after a rest does not wait; whoever comes during the pace of the last page shares the next commit.</summary>
    [Fact]
    public async Task Items_that_arrive_within_the_pace_share_a_page()
    {
        List<int[]> decided = [];
        using var pages = new Pages<int>(itemsMax: 64, pace: TimeSpan.FromSeconds(1), (page, _) =>
        {
            decided.Add([.. page]);
            return Task.CompletedTask;
        });
        var token = TestContext.Current.CancellationToken;
        await pages.StartAsync(token);

        await pages.Add(1, token);
        await Task.WhenAll(pages.Add(2, token), pages.Add(3, token));
        await pages.StoppedAsync(token);

        decided.ShouldBe([[1], [2, 3]]);
    }
}
