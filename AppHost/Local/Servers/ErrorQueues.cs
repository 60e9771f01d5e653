using RabbitMQ.Client;

namespace Oms.AppHost.Local;

/// <summary>Where the bus puts messages that no consumer could handle: beside each queue, under its name and _error.</summary>
internal static class ErrorQueues
{
    public const string Suffix = "_error";

    // What the bus wrote upon failing. The rest of the headers belongs to the message.
    private static readonly string[] OfTheFailure = ["MT-Fault-", "MT-Reason"];

    /// <summary>The lines "name count" whose name ends with _error.</summary>
    public static IEnumerable<(string Name, int Messages)> Read(string listing) => All(listing).Where(queue => IsError(queue.Name));

    public static int Count(string listing) => Read(listing).Sum(queue => queue.Messages);

    /// <summary>The rest: what is on its way to a consumer.</summary>
    public static int CountOthers(string listing) => All(listing).Where(queue => !IsError(queue.Name)).Sum(queue => queue.Messages);

    public static string Origin(string errorQueue) => errorQueue[..^Suffix.Length];

    /// <summary>At most so many, because what fails again comes back. A message leaves only when the broker has it in the other queue.</summary>
    public static async Task<int> Redrive(Uri broker, string errorQueue, int messagesMax, CancellationToken token)
    {
        await using var connection = await new ConnectionFactory { Uri = broker }.CreateConnectionAsync("redrive", token);
        await using var channel = await connection.CreateChannelAsync(
            new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true), token);
        var moved = 0;
        while (moved < messagesMax && await channel.BasicGetAsync(errorQueue, autoAck: false, token) is { } message)
        {
            var properties = new BasicProperties(message.BasicProperties) { Headers = HeadersOf(message) };
            await channel.BasicPublishAsync(exchange: "", Origin(errorQueue), mandatory: true, properties, message.Body, token);
            await channel.BasicAckAsync(message.DeliveryTag, multiple: false, token);
            moved++;
        }

        return moved;
    }

    private static Dictionary<string, object?> HeadersOf(BasicGetResult message) => (message.BasicProperties.Headers ?? new Dictionary<string, object?>())
        .Where(header => !OfTheFailure.Any(name => header.Key.StartsWith(name, StringComparison.Ordinal)))
        .ToDictionary();

    private static bool IsError(string queue) => queue.EndsWith(Suffix, StringComparison.Ordinal);

    // Headings have no number.
    private static IEnumerable<(string Name, int Messages)> All(string listing) => listing
        .Split('\n', StringSplitOptions.RemoveEmptyEntries)
        .Select(line => line.Split((char[])['\t', ' '], StringSplitOptions.RemoveEmptyEntries))
        .Where(words => words.Length == 2 && int.TryParse(words[1], out _))
        .Select(words => (words[0], int.Parse(words[1])));
}
