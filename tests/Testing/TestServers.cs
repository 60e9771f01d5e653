using Oms.AppHost.Local;

namespace Oms.Testing;

/// <summary>The servers that tests run against: one PostgreSQL for all test processes that run at the same time.</summary>
public static class TestServers
{
    private static readonly Lazy<SharedServers> Shared = new(() => SharedServers.Acquire(rabbit: false).GetAwaiter().GetResult());

    /// <summary>
    /// The connection string of a PostgreSQL where databases may be created: <c>OMS_TEST_POSTGRES</c> if set, else one that the launcher finds or starts.
    /// </summary>
    public static string Postgres => Environment.GetEnvironmentVariable("OMS_TEST_POSTGRES") ?? Shared.Value.PostgresConnectionString("postgres");
}
