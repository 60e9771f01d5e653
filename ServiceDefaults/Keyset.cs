using System.Buffers.Text;
using System.Text;
using Oms.Kernel;

namespace Oms.ServiceDefaults;

/// <summary>A page of a list and where the next one begins: <c>?after={next}</c>. Null when this was the last.</summary>
public sealed record Page<T>(IReadOnlyList<T> Items, string? Next);

/// <summary>Lists by position, never by offset or count: a page costs the same wherever it is.</summary>
public static class Keyset
{
    public const int LimitDefault = 50;
    public const int LimitMax = 200;

    /// <summary>How many items a page may have; null when the wish is out of range.</summary>
    public static int? Limit(int? wished) => wished is null ? LimitDefault : wished is >= 1 and <= LimitMax ? wished : null;

    public static Refusal BadLimit => Refusal.Invalid("invalid-limit", $"limit is between 1 and {LimitMax}.");

    public static Refusal BadCursor => Refusal.Invalid("invalid-cursor", "after is the next of an earlier page, unchanged.");

    /// <summary>An opaque cursor for the last item's position: a text, or a time and an id.</summary>
    public static string Encode(params ReadOnlySpan<string> position) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(string.Join('\n', position)));

    public static string Encode(DateTimeOffset at, Guid id) => Encode(at.UtcTicks.ToString(), id.ToString("N"));

    /// <summary>The position of a cursor with that many parts; null when it is none.</summary>
    public static string[]? Decode(string cursor, int parts)
    {
        if (cursor.Length > 1_000 || !Base64Url.IsValid(cursor))
            return null;
        var position = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(cursor)).Split('\n');
        return position.Length == parts ? position : null;
    }

    /// <summary>A cursor made of a time and an id.</summary>
    public static bool TryDecode(string cursor, out DateTimeOffset at, out Guid id)
    {
        (at, id) = (default, default);
        if (Decode(cursor, 2) is not [var ticks, var text] || !long.TryParse(ticks, out var utc) || utc < 0 || utc > DateTime.MaxValue.Ticks ||
            !Guid.TryParseExact(text, "N", out id))
            return false;
        at = new DateTimeOffset(utc, TimeSpan.Zero);
        return true;
    }

    /// <summary>Makes a page from one item more than the page holds, read to know whether there is a next one.</summary>
    public static Page<T> Page<T>(IReadOnlyList<T> itemsAndOneMore, int limit, Func<T, string> cursor) => itemsAndOneMore.Count <= limit
        ? new(itemsAndOneMore, null)
        : new([.. itemsAndOneMore.Take(limit)], cursor(itemsAndOneMore[limit - 1]));
}
