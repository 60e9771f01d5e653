using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.DataProtection;
using Oms.ServiceDefaults;

namespace Oms.Gateway.Identity;

/// <summary>
/// Protects cookies, forms and what lies in the database with keys that are derived from <c>Oms:ServiceTokenKey</c> (HKDF-SHA256 for each purpose, AES-256-GCM). So
/// replicas understand each other, nothing more has to be kept secret, and the keys change with that one: all are accepted, the first one protects.
/// </summary>
internal sealed class PlatformProtection(IReadOnlyList<byte[]> secrets, string purpose = "oms-identity") : IDataProtector
{
    private const int NonceBytes = 12, TagBytes = 16, KeyBytes = 32;

    public static PlatformProtection From(IConfiguration configuration) =>
        new([.. ServiceTokens.Keys(configuration).Select(key => ((Microsoft.IdentityModel.Tokens.SymmetricSecurityKey)key).Key)]);

    /// <summary>A key of this purpose out of each secret.</summary>
    public IEnumerable<byte[]> Keys => secrets.Select(Derive);

    IDataProtector IDataProtectionProvider.CreateProtector(string purpose) => For(purpose);

    public PlatformProtection For(string narrower) => new(secrets, $"{purpose}\n{narrower}");

    public byte[] Protect(byte[] plaintext)
    {
        var data = new byte[NonceBytes + TagBytes + plaintext.Length];
        RandomNumberGenerator.Fill(data.AsSpan(0, NonceBytes));
        using var aes = new AesGcm(Derive(secrets[0]), TagBytes);
        aes.Encrypt(data.AsSpan(0, NonceBytes), plaintext, data.AsSpan(NonceBytes + TagBytes), data.AsSpan(NonceBytes, TagBytes));
        return data;
    }

    public string Protect(string text) => Convert.ToBase64String(Protect(Encoding.UTF8.GetBytes(text)));

    /// <exception cref="CryptographicException">It was not protected here, or with a key that is gone.</exception>
    public byte[] Unprotect(byte[] protectedData) => secrets.Select(secret => Open(secret, protectedData)).FirstOrDefault(it => it is not null)
        ?? throw new CryptographicException("This was not protected here, or with a key that is gone.");

    /// <exception cref="CryptographicException">It was not protected here, or with a key that is gone.</exception>
    public string Unprotect(string text) => Encoding.UTF8.GetString(Unprotect(Convert.FromBase64String(text)));

    /// <summary>Whether it is protected with what protects now.</summary>
    public bool IsNewest(byte[] protectedData) => Open(secrets[0], protectedData) is not null;

    private byte[]? Open(byte[] secret, byte[] data)
    {
        if (data.Length < NonceBytes + TagBytes)
            return null;
        using var aes = new AesGcm(Derive(secret), TagBytes);
        var plaintext = new byte[data.Length - NonceBytes - TagBytes];
        try
        {
            aes.Decrypt(data.AsSpan(0, NonceBytes), data.AsSpan(NonceBytes + TagBytes), data.AsSpan(NonceBytes, TagBytes), plaintext);
            return plaintext;
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }

    private byte[] Derive(byte[] secret) => HKDF.DeriveKey(HashAlgorithmName.SHA256, secret, KeyBytes, info: Encoding.UTF8.GetBytes(purpose));
}
