using JasperFx.Events;
using Oms.Customers.Domain;
using V1 = Oms.Contracts.Customers.V1;

namespace Oms.Customers.Integration;

public static class CustomerPublishedLanguage
{
    /// <summary>Which facts leave this service and in which words. Null keeps a fact private.</summary>
    public static object? Translate(IEvent happened) => happened.Data switch
    {
        CustomerRegistered e => new V1.CustomerRegistered(e.CustomerId, e.RegisteredAt),
        _ => null,
    };
}
