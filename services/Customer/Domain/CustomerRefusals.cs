using Oms.Kernel;

namespace Oms.Customers.Domain;

/// <summary>Every "no" of this service.</summary>
public static class CustomerRefusals
{
    public static Refusal NotFound(Guid customerId) => Refusal.NotFound("customer-not-found", $"There is no customer {customerId}.");

    public static Refusal InvalidEmail => Refusal.Invalid("invalid-email", "email is not an e-mail address.");
}
