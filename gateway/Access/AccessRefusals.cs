using Oms.Kernel;

namespace Oms.Gateway.Access;

/// <summary>Every "no" about keys.</summary>
public static class AccessRefusals
{
    public static Refusal NotFound(Guid keyId) => Refusal.NotFound("api-key-not-found", $"There is no API key {keyId}.");

    public static Refusal AlreadyCreated(ApiKey key) => Refusal.Conflict(
        "api-key-exists", $"This request has created the key {key.Id} before, and its secret was shown then. If it is lost, rotate the key.");

    public static Refusal AlreadyRotated(ApiKey key) => Refusal.Conflict(
        "api-key-rotated", $"This request has rotated the key {key.Id} before, and its secret was shown then. If it is lost, rotate the key once more.");

    public static Refusal Revoked(ApiKey key) => Refusal.Conflict("api-key-revoked", $"The key {key.Name} is revoked, for good.");

    public static Refusal BeyondYourOwn(IEnumerable<string> scopes) => new Complaints()
        .If(true, "scopes", $"{string.Join(", ", scopes)} is more than you may do yourself")
        .ToRefusal("beyond-your-own", "Nobody can give away more than they have.")!;
}
