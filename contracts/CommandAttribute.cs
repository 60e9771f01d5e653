namespace Oms.Contracts;

/// <summary>
/// Marks a contract that asks for something, against one that tells what happened. A command that finds no receiver is kept
/// and sent again; news that nobody listens to is dropped.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class CommandAttribute : Attribute;

/// <summary>Where goods go, as carriers and locations need it. <paramref name="Country"/> is ISO 3166-1 alpha-2.</summary>
public sealed record PostalAddress(
    string? Name, string? Company, string? Line1, string? Line2, string? City, string? Region, string? PostalCode, string Country, string? Phone);

/// <summary>A number of pieces of one order line.</summary>
/// <param name="Line">The line's number within its order, from 1.</param>
/// <param name="Sku">What.</param>
/// <param name="Quantity">How many pieces; at least 1.</param>
public sealed record LineQuantity(int Line, string Sku, int Quantity);
