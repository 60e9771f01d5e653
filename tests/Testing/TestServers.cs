namespace Oms.Testing;

/// <summary>The servers that tests run against.</summary>
public static class TestServers
{
    /// <summary>
    /// The connection string of a PostgreSQL where databases may be created: <c>OMS_TEST_POSTGRES</c> if set, else one that the launcher finds or starts.
    /// </summary>
    public static string Postgres => Environment.GetEnvironmentVariable("OMS_TEST_POSTGRES")
        ?? throw new InvalidOperationException("OMS_TEST_POSTGRES is not set.");
}
