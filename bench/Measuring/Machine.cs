using System.Runtime.InteropServices;
using Npgsql;
using RabbitMQ.Client;

namespace Oms.Bench.Measuring;

/// <summary>What everything runs on.</summary>
internal static class Machine
{
    public static async Task<string> Describe(string? postgres, Uri? broker, CancellationToken token)
    {
        var model = Line("/proc/cpuinfo", "model name") ?? RuntimeInformation.ProcessArchitecture.ToString();
        var memory = Math.Round(ProcessTimes.Kilobytes("/proc/meminfo", "MemTotal:") / 1024 / 1024);
        return string.Join(", ",
            $"{model} × {Environment.ProcessorCount}", $"{memory} GB", $"Linux {Read("/proc/sys/kernel/osrelease").Trim()}", RuntimeInformation.FrameworkDescription,
            $"PostgreSQL {(postgres is null ? "?" : await PostgresVersion(postgres, token))}", $"RabbitMQ {(broker is null ? "?" : await RabbitVersion(broker, token))}");
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
        return connection.ServerProperties?.TryGetValue("version", out var version) == true && version is byte[] text ? System.Text.Encoding.UTF8.GetString(text) : "?";
    }

    private static string? Line(string file, string name) => Read(file).Split('\n')
        .FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal))?.Split(':', 2)[1].Trim();

    private static string Read(string file) => File.Exists(file) ? File.ReadAllText(file) : "";
}
