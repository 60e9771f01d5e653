using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Oms.Kernel;

/// <summary>Ids that must meet when the same thing is said twice.</summary>
public static class Ids
{
    private static readonly Guid Namespace = new("6f6d7300-0000-8000-8000-6f7264657273");

    /// <summary>The same parts give the same id, on every machine, for ever (RFC 9562, version 5 over SHA-1).</summary>
    /// <example><c>Ids.Derive("order", channel, channelOrderNumber)</c></example>
    public static Guid Derive(string kind, params ReadOnlySpan<string> parts)
    {
        // Lengths make ("a", "bc") differ from ("ab", "c").
        var name = new StringBuilder(kind);
        foreach (var part in parts)
            name.Append('\n').Append(part.Length).Append(':').Append(part);

        var text = Encoding.UTF8.GetBytes(name.ToString());
        Span<byte> input = new byte[16 + text.Length];
        Namespace.TryWriteBytes(input, bigEndian: true, out _);
        text.CopyTo(input[16..]);
        Span<byte> hash = stackalloc byte[SHA1.HashSizeInBytes];
#pragma warning disable CA5350 // RFC 9562 names SHA-1; nothing secret depends on it.
        SHA1.HashData(input, hash);
#pragma warning restore CA5350
        var high = BinaryPrimitives.ReadUInt16BigEndian(hash[6..]);
        BinaryPrimitives.WriteUInt16BigEndian(hash[6..], (ushort)((high & 0x0FFF) | 0x5000));
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash[..16], bigEndian: true);
    }
}
