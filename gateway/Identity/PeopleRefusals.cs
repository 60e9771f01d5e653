using Oms.Kernel;

namespace Oms.Gateway.Identity;

/// <summary>Every "no" about people.</summary>
public static class PeopleRefusals
{
    public static Refusal NotFound(Guid personId) => Refusal.NotFound("person-not-found", $"There is no person {personId}.");

    public static Refusal Exists(string email) => Refusal.Conflict("person-exists", $"There is a person with the e-mail address {email}.");

    public static Refusal Deactivated(Person person) => Refusal.Conflict("person-deactivated", $"{person.Name} is deactivated: activate the person first.");

    public static Refusal ChangedMeanwhile(Person person) => new(RefusalKind.Stale, "stale-version", $"Somebody else has changed {person.Name} meanwhile. Read it again.");
}
