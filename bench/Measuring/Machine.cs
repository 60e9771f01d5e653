using System.Runtime.InteropServices;
using Npgsql;
using RabbitMQ.Client;

namespace Oms.Bench.Measuring;

/// <summary>What everything runs on.</summary>
internal static class Machine
{
    public static string Name { get; } = string.Join(", ",
        $"{Line("/proc/cpuinfo", "model name") ?? RuntimeInformation.ProcessArchitecture.ToString()} × {Environment.ProcessorCount}",
        $"{Math.Round(ProcessTimes.Kilobytes("/proc/meminfo", "MemTotal:") / 1024 / 1024)} GB", $"Linux {Read("/proc/sys/kernel/osrelease").Trim()}",
        RuntimeInformation.FrameworkDescription);

    public static async Task<string> Describe(string? postgres, Uri? broker, CancellationToken token)
    {
        var (store, queues) = (postgres is null ? "?" : await PostgresVersion(postgres, token), broker is null ? "?" : await RabbitVersion(broker, token));
        return $"{Name}, PostgreSQL {store}, RabbitMQ {queues}";
    }

    private static async Task<string> PostgresVersion(string connectionString, CancellationToken token)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(token);
        return connection.ServerVersion;
    }

    private static async Task<string> RabbitVersion(Uri broker, CancellationToken token)
    {
        await using var connection = await new ConnectionFactory { Uri = broker }.CreateConnectionAsync(token);
        return connection.ServerProperties?.TryGetValue("version", out var version) == true && version is byte[] text
            ? System.Text.Encoding.UTF8.GetString(text) : "?";
    }

    private static string? Line(string file, string name) => Read(file).Split('\n')
        .FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal))?.Split(':', 2)[1].Trim();

    private static string Read(string file) => File.Exists(file) ? File.ReadAllText(file) : "";
}
