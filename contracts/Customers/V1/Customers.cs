namespace Oms.Contracts.Customers.V1;

/// <summary>Somebody has ordered for the first time.</summary>
public sealed record CustomerRegistered(Guid CustomerId, DateTimeOffset RegisteredAt);
