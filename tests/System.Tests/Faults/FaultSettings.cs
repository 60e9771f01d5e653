namespace Oms.SystemTests.Faults;

/// <summary>How hard the fault tests try; small by default, so that they can run with every change.</summary>
internal static class FaultSettings
{
    /// <summary>What is random follows from it: the same seed, the same orders and the same kills. <c>OMS_FAULTS_SEED</c>.</summary>
    public static int Seed { get; } = Number("OMS_FAULTS_SEED", Random.Shared.Next(1, 1_000_000));

    /// <summary>Orders of each test. <c>OMS_FAULTS_ORDERS</c>.</summary>
    public static int Orders { get; } = Number("OMS_FAULTS_ORDERS", 24);

    /// <summary>How often each service is killed within one test. <c>OMS_FAULTS_ROUNDS</c>.</summary>
    public static int Rounds { get; } = Number("OMS_FAULTS_ROUNDS", 1);

    /// <summary>How long the broker stays away or blocked. <c>OMS_FAULTS_OUTAGE_SECONDS</c>.</summary>
    public static TimeSpan Outage { get; } = TimeSpan.FromSeconds(Number("OMS_FAULTS_OUTAGE_SECONDS", 2));

    /// <summary>Of hostile values in a place only every so-manieth is sent, others with every seed; 1 sends all. <c>OMS_HOSTILE_EVERY</c>.</summary>
    public static int HostileEvery { get; } = Number("OMS_HOSTILE_EVERY", 3);

    private static int Number(string name, int otherwise) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? int.Parse(text) : otherwise;
}
