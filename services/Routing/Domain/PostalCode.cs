namespace Oms.Routing.Domain;

public static class PostalCode
{
    public const int LengthMax = 12;

    /// <summary>How much of a code still says roughly where it is: a sectional center in the US, a sorting area in Canada.</summary>
    public const int PrefixLength = 3;

    /// <summary>The code as it is looked up: upper case, without blanks and hyphens. Null when it cannot be one.</summary>
    public static string? Normalize(string country, string? code)
    {
        var text = code?.Trim().ToUpperInvariant();
        if (text is not { Length: > 0 and <= LengthMax } || !text.All(c => char.IsAsciiLetterOrDigit(c) || c is ' ' or '-'))
            return null;
        if (country != "US")
            return text.Replace(" ", "").Replace("-", "") is { Length: > 0 } compact ? compact : null;

        // ZIP+4 says more than is known; and spreadsheets lose the leading zeros of New England.
        var zip = text.Split('-', ' ')[0];
        return zip.Length is >= 3 and <= 5 && zip.All(char.IsAsciiDigit) ? zip.PadLeft(5, '0') : null;
    }

    public static string Prefix(string normalized) => normalized[..Math.Min(PrefixLength, normalized.Length)];
}
