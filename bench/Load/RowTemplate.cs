using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Oms.Bench.Load;

/// <summary>What is new in a copy of an order.</summary>
internal sealed class Copied(int ids)
{
    /// <summary>As PostgreSQL has them; in the order in which <see cref="OrderTemplate"/> has met them.</summary>
    public byte[][] Ids { get; } = [.. Enumerable.Range(0, ids).Select(_ => new byte[16])];

    public DateTimeOffset PlacedAt { get; set; }

    public long Sequence { get; set; }

    /// <summary>By what stood there before.</summary>
    public Dictionary<string, string> Texts { get; } = [];
}

/// <summary>A row of a real order, cut where the next copy differs.</summary>
internal sealed class RowTemplate
{
    private const int IdLength = 16;
    private const int DateLength = 33;
    private static readonly DateTimeOffset PostgresEpoch = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan FarAway = TimeSpan.FromDays(10 * 365);
    private readonly Action<PgCopy.Writer, Copied>?[] fields;

    private RowTemplate(Action<PgCopy.Writer, Copied>?[] parts) => fields = parts;

    /// <param name="row">The fields of the row.</param>
    /// <param name="columns">Their names and types.</param>
    /// <param name="order">Of which the row is a part.</param>
    public static RowTemplate Of(byte[]?[] row, IReadOnlyList<(string Name, string Type)> columns, OrderTemplate order) =>
        new([.. row.Select((value, index) => value is null ? null : Field(value, columns[index].Name, columns[index].Type, order))]);

    public void Write(PgCopy.Writer writer, Copied copy)
    {
        writer.BeginRow(fields.Length);
        foreach (var write in fields)
        {
            if (write is null)
            {
                writer.Null();
                continue;
            }
            writer.BeginField();
            write(writer, copy);
            writer.EndField();
        }
    }

    private static Action<PgCopy.Writer, Copied> Field(byte[] value, string name, string type, OrderTemplate order)
    {
        if (name == "seq_id")
            return (writer, copy) => BinaryPrimitives.WriteInt64BigEndian(writer.Room(sizeof(long)), copy.Sequence++);
        return type switch
        {
            "uuid" when order.IndexOf(new Guid(value, bigEndian: true)) is var index => (writer, copy) => writer.Bytes(copy.Ids[index]),
            "timestamptz" => Instant(BinaryPrimitives.ReadInt64BigEndian(value), name, order),
            "jsonb" or "varchar" or "text" => Text(value, order),
            _ => (writer, _) => writer.Bytes(value),
        };
    }

    private static Action<PgCopy.Writer, Copied> Instant(long microseconds, string name, OrderTemplate order)
    {
        var after = PostgresEpoch.AddMicroseconds(microseconds) - order.PlacedAt + (name == "due_at" ? FarAway : TimeSpan.Zero);
        return (writer, copy) => BinaryPrimitives.WriteInt64BigEndian(
            writer.Room(sizeof(long)), (copy.PlacedAt + after - PostgresEpoch).Ticks / TimeSpan.TicksPerMicrosecond);
    }

    // jsonb begins with a byte that tells its version; it is a character like any other here.
    private static Action<PgCopy.Writer, Copied> Text(byte[] value, OrderTemplate order)
    {
        var text = Encoding.UTF8.GetString(value);
        List<Action<PgCopy.Writer, Copied>> parts = [];
        var at = 0;
        foreach (var match in order.Changing.EnumerateMatches(text))
        {
            var found = text.Substring(match.Index, match.Length);
            if (Part(found, text[..match.Index], order) is not { } part)
                continue;
            AddLiteral(text[at..match.Index]);
            parts.Add(part);
            at = match.Index + match.Length;
        }
        AddLiteral(text[at..]);
        return (writer, copy) => parts.ForEach(part => part(writer, copy));

        void AddLiteral(string literal)
        {
            var bytes = Encoding.UTF8.GetBytes(literal);
            parts.Add((writer, _) => writer.Bytes(bytes));
        }
    }

    private static Action<PgCopy.Writer, Copied>? Part(string found, string before, OrderTemplate order)
    {
        if (order.Texts.Contains(found))
            return (writer, copy) => writer.Text(copy.Texts[found]);
        if (Guid.TryParseExact(found, "D", out var id))
            return Id(order.IndexOf(id), "D");
        if (Guid.TryParseExact(found, "N", out id))
            return order.Knows(id) ? Id(order.IndexOf(id), "N") : null;
        var isDue = before.EndsWith("\"dueAt\": \"", StringComparison.Ordinal);
        var after = DateTimeOffset.Parse(found, CultureInfo.InvariantCulture) - order.PlacedAt + (isDue ? FarAway : TimeSpan.Zero);
        return (writer, copy) => (copy.PlacedAt + after).TryFormat(writer.Room(DateLength), out _, "O", CultureInfo.InvariantCulture);
    }

    private static Action<PgCopy.Writer, Copied> Id(int index, string format) => (writer, copy) =>
        new Guid(copy.Ids[index].AsSpan(0, IdLength), bigEndian: true).TryFormat(writer.Room(format == "D" ? 36 : 32), out _, format);
}

/// <summary>A real order whose rows are copied.</summary>
/// <param name="texts">What differs from copy to copy, as it stands in this one.</param>
internal sealed class OrderTemplate(DateTimeOffset placedAt, params IReadOnlyCollection<string> texts)
{
    private readonly List<Guid> ids = [];

    public DateTimeOffset PlacedAt => placedAt;

    public HashSet<string> Texts { get; } = [.. texts];

    public int Ids => ids.Count;

    /// <summary>Everything that may have to be new: these texts, ids, and instants.</summary>
    public Regex Changing { get; } = new(
        string.Join('|', [.. texts.Select(Regex.Escape), "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}",
            "(?<![0-9a-f])[0-9a-f]{32}(?![0-9a-f])",
            @"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?\+00:00"]),
        RegexOptions.CultureInvariant, TimeSpan.FromSeconds(10));

    public bool Knows(Guid id) => ids.Contains(id);

    public int IndexOf(Guid id)
    {
        var index = ids.IndexOf(id);
        if (index >= 0)
            return index;
        ids.Add(id);
        return ids.Count - 1;
    }
}
