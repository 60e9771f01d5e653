using System.Diagnostics.CodeAnalysis;

namespace Oms.Kernel;

/// <summary>An amount in a currency of ISO 4217, always a whole number of its minor units.</summary>
/// <exception cref="ArgumentException">Unknown currency, or a fraction of a minor unit.</exception>
public readonly record struct Money : IComparable<Money>
{
    public Money(decimal amount, string currency)
    {
        var exponent = Currencies.Exponent(currency) ?? throw new ArgumentException($"{currency} is not a currency of ISO 4217.", nameof(currency));
        if (decimal.Round(amount, exponent) != amount)
            throw new ArgumentException($"{amount} is not a whole number of minor units of {currency}.", nameof(amount));
        (Amount, Currency) = (decimal.Round(amount + Scale(exponent), exponent), currency);
    }

    /// <summary>In major units, with exactly as many decimals as the currency has.</summary>
    public decimal Amount { get; }

    /// <summary>ISO 4217 alphabetic code.</summary>
    public string Currency { get; }

    public bool IsZero => Amount == 0;

    public static Money Zero(string currency) => new(0, currency);

    /// <summary>The one place where amounts are rounded: to minor units, midpoint away from zero.</summary>
    public static Money Round(decimal amount, string currency) =>
        new(decimal.Round(amount, Currencies.Exponent(currency) ?? throw new ArgumentException($"{currency} is not a currency of ISO 4217.", nameof(currency)),
            MidpointRounding.AwayFromZero), currency);

    public static Money operator +(Money left, Money right) => new(left.Amount + Same(left, right).Amount, left.Currency);

    public static Money operator -(Money left, Money right) => new(left.Amount - Same(left, right).Amount, left.Currency);

    public static Money operator -(Money money) => new(-money.Amount, money.Currency);

    public static bool operator <(Money left, Money right) => left.CompareTo(right) < 0;

    public static bool operator >(Money left, Money right) => left.CompareTo(right) > 0;

    public static bool operator <=(Money left, Money right) => left.CompareTo(right) <= 0;

    public static bool operator >=(Money left, Money right) => left.CompareTo(right) >= 0;

    public int CompareTo(Money other) => Amount.CompareTo(Same(this, other).Amount);

    /// <summary>
    /// Splits the amount in proportion to the weights by largest remainder, in minor units: the parts sum exactly to the
    /// whole. Equal remainders go to the earlier part. With no weight at all everything falls on the first part.
    /// </summary>
    /// <exception cref="ArgumentException">No weights, or a negative one.</exception>
    public IReadOnlyList<Money> AllocateAcross(IReadOnlyList<decimal> weights)
    {
        if (weights.Count == 0 || weights.Any(weight => weight < 0))
            throw new ArgumentException("Amounts are allocated across at least one weight, none of them negative.", nameof(weights));

        var unit = Unit(Currencies.Exponent(Currency)!.Value);
        var minor = Amount / unit;
        if (weights.All(weight => weight == 0))
            weights = [1, .. Enumerable.Repeat(0m, weights.Count - 1)];
        var total = weights.Sum();
        // Remainders are taken before dividing: a quotient is rounded, and then equal remainders would differ in their last digit.
        var remainders = weights.Select(weight => minor * weight % total).ToArray();
        var parts = weights.Select((weight, index) => (minor * weight - remainders[index]) / total).ToArray();
        var missing = minor - parts.Sum();
        var byRemainder = Enumerable.Range(0, parts.Length).OrderByDescending(index => Math.Abs(remainders[index])).ThenBy(index => index);
        foreach (var index in byRemainder.Take((int)Math.Abs(missing)))
            parts[index] += Math.Sign(missing);
        var currency = Currency;
        return [.. parts.Select(part => new Money(part * unit, currency))];
    }

    public override string ToString() => $"{Amount} {Currency}";

    private static Money Same(Money left, Money right) => left.Currency == right.Currency
        ? right
        : throw new InvalidOperationException($"{left} and {right} are in two currencies: they are never added or compared.");

    private static decimal Unit(int exponent) => new(1, 0, 0, false, (byte)exponent);

    // Adding a zero of this scale makes 5 into 5.00, so that equal amounts read alike.
    private static decimal Scale(int exponent) => new(0, 0, 0, false, (byte)exponent);
}

/// <summary>The currencies of ISO 4217 with their exponents (number of decimals).</summary>
public static class Currencies
{
    private const string NoDecimals = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF";
    private const string ThreeDecimals = "BHD IQD JOD KWD LYD OMR TND";
    private const string TwoDecimals =
        "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY COP CRC CUP CVE CZK DKK DOP DZD " +
        "EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD " +
        "MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK " +
        "SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG";

    private static readonly Dictionary<string, int> Exponents = new[] { (NoDecimals, 0), (TwoDecimals, 2), (ThreeDecimals, 3) }
        .SelectMany(it => it.Item1.Split(' ').Select(code => (Code: code, Exponent: it.Item2)))
        .ToDictionary(it => it.Code, it => it.Exponent, StringComparer.Ordinal);

    /// <summary>The number of decimals, or null for an unknown currency.</summary>
    public static int? Exponent(string? currency) => currency is not null && Exponents.TryGetValue(currency, out var exponent) ? exponent : null;

    public static bool IsKnown([NotNullWhen(true)] string? currency) => Exponent(currency) is not null;

    /// <summary>Whether an amount is a whole number of the currency's minor units.</summary>
    public static bool Fits(decimal amount, string currency) => Exponent(currency) is { } exponent && decimal.Round(amount, exponent) == amount;
}
