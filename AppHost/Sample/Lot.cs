using System.Text;

namespace Oms.Sample;

/// <summary>
/// Draws lots by hash (FNV-1a, 64 bits), so that two runs on one file do the same; string.GetHashCode differs in every process.
/// </summary>
internal static class Lot
{
    private const ulong Offset = 14_695_981_039_346_656_037;
    private const ulong Prime = 1_099_511_628_211;

    public static ulong Hash(ReadOnlySpan<byte> bytes, ulong from = Offset)
    {
        foreach (var b in bytes)
            from = unchecked((from ^ b) * Prime);
        return from;
    }

    /// <summary>A number from 0 to <paramref name="sides"/> − 1 for this text; another purpose draws another lot.</summary>
    public static int Draw(string purpose, string text, int sides)
    {
        var hash = Hash(Encoding.UTF8.GetBytes(text), Hash(Encoding.UTF8.GetBytes(purpose)));
        // The low bits of FNV-1a are its weak ones: fold the high half in.
        return (int)((hash ^ (hash >> 32)) % (ulong)sides);
    }
}
