namespace Oms.Kernel;

/// <summary>The merchant's own code of a thing that is sold or stocked.</summary>
public static class Sku
{
    public const int LengthMax = 64;

    /// <summary>Letters, digits and <c>- _ . / : #</c>, 1 to 64 of them; case matters.</summary>
    public static bool IsValid(string? sku) => sku is { Length: > 0 and <= LengthMax } &&
        sku.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or '/' or ':' or '#');
}

/// <summary>How many of something an order, a movement or a shipment may be about.</summary>
public static class Quantity
{
    public const int Max = 1_000_000;

    public static bool IsValid(int quantity) => quantity is >= 1 and <= Max;
}

/// <summary>Location ids are chosen by the merchant and readable: <c>nyc-warehouse</c>.</summary>
public static class LocationId
{
    public const int LengthMax = 40;

    public static bool IsValid(string? id) => id is { Length: > 0 and <= LengthMax } && char.IsAsciiLetterOrDigit(id[0]) &&
        id.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '_');
}

/// <summary>Global Trade Item Numbers of GS1: GTIN-8, -12, -13 and -14.</summary>
public static class Gtin
{
    /// <summary>The 14-digit form when length and check digit (mod 10, weights 3 and 1 from the right) are right; otherwise null.</summary>
    public static string? Normalize(string? gtin)
    {
        if (gtin is not { Length: 8 or 12 or 13 or 14 } || !gtin.All(char.IsAsciiDigit))
            return null;
        var padded = gtin.PadLeft(14, '0');
        var sum = 0;
        for (var index = 0; index < 14; index++)
            sum += (padded[index] - '0') * (index % 2 == 0 ? 3 : 1);
        return sum % 10 == 0 ? padded : null;
    }
}

/// <summary>E-mail addresses as customers are matched by them.</summary>
public static class Email
{
    public const int LengthMax = 254;   // RFC 5321, 4.5.3.1.3

    /// <summary>Trimmed and in lower case; null when it cannot be an address.</summary>
    public static string? Normalize(string? email)
    {
        var text = email?.Trim();
        if (text is not { Length: > 2 and <= LengthMax } || text.Any(c => char.IsWhiteSpace(c) || char.IsControl(c)))
            return null;
        var at = text.LastIndexOf('@');
        return at > 0 && at < text.Length - 1 && text.IndexOf('@') == at ? text.ToLowerInvariant() : null;
    }
}
