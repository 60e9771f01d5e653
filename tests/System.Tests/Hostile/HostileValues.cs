using System.Text;

namespace Oms.SystemTests.Hostile;

/// <summary>What nobody with good intentions sends, as raw JSON and as raw text of a URL.</summary>
internal static class HostileValues
{
    /// <summary>In the place of any value of a body.</summary>
    public static IReadOnlyList<string> Json { get; } =
    [
        "null", "true", "0", "-1", "1.5", "1e400", "-1e400", "9223372036854775808", "0.0000000000000000000000000001", "\"\"", "\" \"", "[]", "{}", "[[]]", "[null]",
        "{\"a\":{\"b\":{}}}", Text("x\\u0000y"), Text("\\ud800"), Text("\\u202e\\ufeff\\u0001"), Text("'; drop table oms.mt_events; --"), Text("${jndi:ldap://127.0.0.1/a}"),
        Text("../../../etc/passwd"), Text("<script>alert(1)</script>"), Text("%s%n%x"), Text(new string('a', 100_000)), Text("9999-99-99T99:99:99Z"),
        Text("0001-01-01T00:00:00Z"), Text("00000000-0000-0000-0000-000000000000"), Nested(200),
    ];

    /// <summary>In the place of a part of a path or of a value of a query, already escaped.</summary>
    public static IReadOnlyList<string> Url { get; } =
    [
        "..", "%2e%2e", "..%2f..%2f", "%2e%2e%2fetc%2fpasswd", "%00", "x%00y", "%27%3b%20drop%20table%20x%3b--", "%ff%fe", "%f0%28%8c%28", "%20", "-1", "0",
        "99999999999999999999", "1e400", "NaN", "null", "true", "[]", "%7b%7d", "%e2%80%ae", "%0d%0aX-Injected:%201", new string('a', 4_000),
        "00000000-0000-0000-0000-000000000000", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59.9999999%2b14:00", "%252e%252e%252f", "*", "%5c", "%25",
    ];

    /// <summary>Bodies that are wrong as a whole.</summary>
    public static IReadOnlyList<byte[]> Bodies { get; } =
    [
        [], "null"u8.ToArray(), "[]"u8.ToArray(), "{"u8.ToArray(), "{\"a\":"u8.ToArray(), "\"text\""u8.ToArray(), "1"u8.ToArray(), "{}{}"u8.ToArray(), "{\"a\":1,}"u8.ToArray(),
        "/* no */ {}"u8.ToArray(), "{'a':1}"u8.ToArray(), [0xff, 0xfe, 0x7b, 0x00, 0x7d, 0x00], [.. "{\"a\":\""u8, 0xc3, 0x28, .. "\"}"u8], [0x1f, 0x8b, 0x08, 0x00],
        Encoding.UTF8.GetBytes(Nested(10_000)), Encoding.UTF8.GetBytes($"{{\"a\":{Text(new string('b', 1_000_000))}}}"),
    ];

    private static string Text(string escaped) => $"\"{escaped}\"";

    private static string Nested(int depth) => new string('[', depth) + new string(']', depth);
}
