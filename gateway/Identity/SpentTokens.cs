using Npgsql;
using OpenIddict.Abstractions;

namespace Oms.Gateway.Identity;

/// <summary>Forgets codes and tokens that open nothing any more, once an hour. A day is kept, in which a replayed one is recognized.</summary>
internal sealed partial class SpentTokens(IServiceScopeFactory scopes, TimeProvider clock, ILogger<SpentTokens> log) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1), KeptFor = TimeSpan.FromDays(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var ticks = new PeriodicTimer(Interval, clock);
        while (await ticks.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await Forget(clock.GetUtcNow() - KeptFor, stoppingToken);
            }
            // As the driver, EF Core or OpenIddict tells that the database is away.
            catch (Exception error) when (error is NpgsqlException or InvalidOperationException or AggregateException)
            {
                NotForgotten(log, error);
            }
        }
    }

    private async Task Forget(DateTimeOffset before, CancellationToken token)
    {
        await using var scope = scopes.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<IOpenIddictTokenManager>().PruneAsync(before, token);
        await scope.ServiceProvider.GetRequiredService<IOpenIddictAuthorizationManager>().PruneAsync(before, token);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Spent tokens could not be deleted; they are tried again in an hour")]
    private static partial void NotForgotten(ILogger log, Exception error);
}
