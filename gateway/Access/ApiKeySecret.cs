using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Oms.Gateway.Access;

/// <summary>
/// A secret as its owner sees it, once: <c>oms_</c>, the key's id, <c>_</c>, 256 random bits in base64url. The id makes it findable without trying all, and the
/// beginning makes a leaked one findable in a repository.
/// </summary>
public static class ApiKeySecret
{
    private const string Prefix = "oms_";
    private const int IdLength = 32, RandomBytes = 32, RandomLength = 43;

    public static string Create(Guid keyId) => $"{Prefix}{keyId:N}_{Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(RandomBytes))}";

    /// <summary>The key that it claims to be of; null when it cannot be one of ours.</summary>
    public static Guid? KeyOf(string presented) =>
        presented.Length == Prefix.Length + IdLength + 1 + RandomLength && presented.StartsWith(Prefix, StringComparison.Ordinal)
            && presented[Prefix.Length + IdLength] == '_' && Guid.TryParseExact(presented.AsSpan(Prefix.Length, IdLength), "N", out var id) ? id : null;

    public static byte[] Hash(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));

    public static string HashText(string secret) => Convert.ToHexStringLower(Hash(secret));
}
