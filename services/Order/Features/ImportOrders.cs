using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using Marten;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using Oms.Kernel;
using Oms.ServiceDefaults;

namespace Oms.Orders.Features;

/// <summary>
/// Orders in bulk, one JSON object a line (NDJSON), answered line by line while they are still coming. A page of rows is one commit; a bad row is refused alone,
/// and the same file again creates nothing new and says so.
/// </summary>
public sealed class ImportOrders(IDocumentStore store, Placing placing, IOptions<Microsoft.AspNetCore.Http.Json.JsonOptions> json)
{
    public const int RowBytesMax = 256 * 1024;
    private const int RowsPerCommit = 50;
    private const long ImportBytesMax = 200L * 1024 * 1024;
    private const int AttemptsMax = 8;

    public static void Map(IEndpointRouteBuilder orders) => orders.MapPost("/import", Handle).WithName("ImportOrders")
        .Access(Scopes.OrdersWrite, Restrictions.Channels).KnowsRepeats().WithMetadata(new RequestSizeLimitAttribute(ImportBytesMax))
        .WithSummary("Imports orders as NDJSON; answers NDJSON, one outcome a row: created, duplicate or refused.")
        .WithExample(OrderBody.Example)
        .Accepts<OrderBody>("application/x-ndjson").Produces<RowResult>(200, "application/x-ndjson");

    /// <param name="Row">The row's number, from 1; empty lines count but get no answer.</param>
    /// <param name="Outcome">created, duplicate (nothing was changed) or refused.</param>
    public sealed record RowResult(
        int Row, string Outcome, Guid? Id = null, string? Number = null, string? Code = null, string? Detail = null,
        IReadOnlyDictionary<string, string[]>? Errors = null);

    private sealed record Row(int Number, OrderBody? Body, Refusal? Refusal);

    private static async Task Handle(HttpContext http, Caller caller, ImportOrders import, CancellationToken token)
    {
        http.Response.ContentType = "application/x-ndjson";

        // Answers wait in memory: most clients read nothing before they have sent everything, and would wait for us while we wait for them.
        var answers = new Pipe(new PipeOptions(pauseWriterThreshold: 0));
        var sending = answers.Reader.CopyToAsync(http.Response.BodyWriter, token);
        try
        {
            await import.Run(http.Request.BodyReader, answers.Writer, caller, token);
        }
        finally
        {
            await answers.Writer.CompleteAsync();
        }
        await sending;
    }

    private async Task Run(PipeReader input, PipeWriter output, Caller caller, CancellationToken token)
    {
        List<Row> page = [];
        var number = 0;
        await foreach (var line in Lines(input, token))
        {
            number++;
            if (line is { Length: 0 })
                continue;
            page.Add(Parse(number, line, caller));
            if (page.Count < RowsPerCommit)
                continue;
            await Answer(output, await Import(page, caller.Subject, token), token);
            page.Clear();
        }
        await Answer(output, await Import(page, caller.Subject, token), token);
    }

    private async Task<IReadOnlyList<RowResult>> Import(IReadOnlyList<Row> page, string subject, CancellationToken token)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await ImportOnce(page, subject, token);
            }
            catch (Exception error) when (attempt < AttemptsMax && LostRace.Is(error))
            {
                await Task.Delay(TimeSpan.FromMilliseconds(Random.Shared.Next(1, 20 * attempt)), TimeProvider.System, token);
            }
        }
    }

    private async Task<IReadOnlyList<RowResult>> ImportOnce(IReadOnlyList<Row> page, string subject, CancellationToken token)
    {
        List<RowResult> outcomes = [];
        List<(int Row, PlaceOrder Command)> commands = [];
        foreach (var row in page)
        {
            var refusal = row.Refusal ?? await placing.Catalog.Unknown([.. row.Body!.Lines.Select((line, index) => ($"lines[{index}].sku", line.Sku))], token);
            if (refusal is not null)
                outcomes.Add(Refused(row.Number, refusal));
            else
                commands.Add((row.Number, await placing.Command(row.Body!, Tracing.Current, token)));
        }

        await using var session = store.LightweightSession();
        var decided = await session.Place([.. commands.Select(it => (it.Command, subject))], placing.Risk, token);
        foreach (var ((row, command), outcome) in commands.Zip(decided))
            outcomes.Add(outcome.Refusal is { } refusal
                ? Refused(row, refusal)
                : new(row, outcome.Happened.Count > 0 ? "created" : "duplicate", command.OrderId, outcome.State!.Number));
        await session.SaveChangesAsync(token);
        return [.. outcomes.OrderBy(outcome => outcome.Row)];
    }

    private static RowResult Refused(int row, Refusal refusal) =>
        new(row, "refused", Code: refusal.Code, Detail: refusal.Detail, Errors: refusal.Errors.IsEmpty ? null : refusal.Errors);

    private Row Parse(int number, ReadOnlySequence<byte>? text, Caller caller)
    {
        if (text is not { Length: <= RowBytesMax } line)
            return new(number, null, Refusal.Invalid("row-too-long", $"A row has at most {RowBytesMax} bytes."));
        try
        {
            var reader = new Utf8JsonReader(line);
            var body = JsonSerializer.Deserialize<OrderBody>(ref reader, json.Value.SerializerOptions);
            reader.Read();                                  // throws when something follows: it would be lost without a word
            return body is null
                ? new(number, null, Refusal.Invalid("malformed-row", "A row is a JSON object, not null."))
                : new(number, body, body.Check(caller));
        }
        catch (JsonException error)
        {
            return new(number, null, Refusal.Invalid("malformed-row", error.Message));
        }
    }

    private async Task Answer(PipeWriter output, IReadOnlyList<RowResult> outcomes, CancellationToken token)
    {
        foreach (var outcome in outcomes)
        {
            output.Write(JsonSerializer.SerializeToUtf8Bytes(outcome, json.Value.SerializerOptions));
            output.Write("\n"u8);
        }
        await output.FlushAsync(token);
    }

    /// <returns>Null for a line that is too long: it is passed over without being kept.</returns>
    private static async IAsyncEnumerable<ReadOnlySequence<byte>?> Lines(
        PipeReader input, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken token)
    {
        var (isFirst, isTooLong) = (true, false);
        while (true)
        {
            var read = await input.ReadAsync(token);
            var buffer = read.Buffer;
            while (buffer.PositionOf((byte)'\n') is { } end)
            {
                yield return isTooLong ? null : Trimmed(buffer.Slice(0, end), isFirst);
                buffer = buffer.Slice(buffer.GetPosition(1, end));
                (isFirst, isTooLong) = (false, false);
            }
            if (read.IsCompleted)
            {
                if (isTooLong || !buffer.IsEmpty)
                    yield return isTooLong ? null : Trimmed(buffer, isFirst);
                input.AdvanceTo(buffer.End);
                yield break;
            }
            isTooLong |= buffer.Length > RowBytesMax;
            input.AdvanceTo(isTooLong ? buffer.End : buffer.Start, buffer.End);
        }
    }

    // A carriage return before the line's end is white space to JSON; a line of nothing else is empty.
    // The first line may begin with the mark by which some programs say that a file is UTF-8.
    private static ReadOnlySequence<byte> Trimmed(ReadOnlySequence<byte> line, bool isFirst)
    {
        if (isFirst && new SequenceReader<byte>(line).IsNext(Encoding.UTF8.Preamble))
            line = line.Slice(Encoding.UTF8.Preamble.Length);
        return line.Length == 1 && line.FirstSpan[0] == (byte)'\r' ? default : line;
    }
}
