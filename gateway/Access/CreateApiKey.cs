using System.Collections.Immutable;
using System.Net;
using Oms.Kernel;
using Oms.ServiceDefaults;

namespace Oms.Gateway.Access;

public sealed record CreateApiKey(
    Guid KeyId, string Name, string Hash, ImmutableSortedSet<string> Scopes, ImmutableSortedSet<string> Channels, ImmutableSortedSet<string> Locations,
    ImmutableArray<string> IpRanges, int? RequestsPerSecond, DateTimeOffset? ExpiresAt, DateTimeOffset At);

public static class CreateApiKeySlice
{
    private const int NameMax = 100;
    private const int EntriesMax = 100;
    private const int RequestsPerSecondMax = 10_000;

    /// <summary>Nobody gives away more than they have.</summary>
    public static Decision<IApiKeyEvent> Decide(CreateApiKey command, ApiKey? existing, Caller by) =>
        existing is not null ? AccessRefusals.AlreadyCreated(existing)
        : command.Scopes.Except(by.Scopes) is { IsEmpty: false } beyond ? AccessRefusals.BeyondYourOwn(beyond)
        : [new ApiKeyCreated(
            command.KeyId, command.Name, command.Hash, command.Scopes, command.Channels, command.Locations, command.IpRanges, command.RequestsPerSecond,
            command.ExpiresAt, command.At)];

    public static void Map(IEndpointRouteBuilder keys) => keys.MapPost("", Handle)
        .WithName("CreateApiKey").Access(Scopes.AccessManage)
        .WithSummary("Creates an API key. Its secret is in this answer and nowhere else.")
        .WithExample(new Body("Storefront", [ServiceDefaults.Scopes.OrdersRead, ServiceDefaults.Scopes.OrdersWrite], Channels: [Examples.Channel]))
        .Produces<Created>(StatusCodes.Status201Created).ProducesProblem(409).ProducesProblem(422);

    private static async Task<IResult> Handle(Body body, Caller caller, HttpContext http, Writes writes, TimeProvider clock, CancellationToken token)
    {
        var now = clock.GetUtcNow();
        if (body.Check(now) is { } refusal)
            return Problems.From(refusal);
        // The answer holds the secret, so it is not kept to be given again: under the same Idempotency-Key the key is the same one, and exists already.
        var id = ApiKeyChanges.Request(http, caller) ?? Guid.CreateVersion7(now);
        var secret = ApiKeySecret.Create(id);
        var command = new CreateApiKey(
            id, body.Name, ApiKeySecret.HashText(secret), Set(body.Scopes), Set(body.Channels), Set(body.Locations), [.. body.IpRanges ?? []], body.RequestsPerSecond,
            body.ExpiresAt?.ToUniversalTime(), now);
        return await writes.Change(id, existing => Decide(command, existing, caller), http,
            (key, version) => TypedResults.Created($"/v1/api-keys/{id}", new Created(secret, ApiKeyView.Of(key, version, lastUsedAt: null))), token);
    }

    private static ImmutableSortedSet<string> Set(IReadOnlyList<string>? texts) => ImmutableSortedSet.CreateRange(StringComparer.Ordinal, texts ?? []);

    /// <param name="Secret">Shown once.</param>
    public sealed record Created(string Secret, ApiKeyView Key);

    /// <param name="Scopes">What it may do: at least one.</param>
    /// <param name="Channels">If given, it sees and places only orders of these.</param>
    /// <param name="Locations">If given, it sees only what is at these.</param>
    /// <param name="IpRanges">If given, it opens only from there (CIDR).</param>
    /// <param name="RequestsPerSecond">If given, instead of what everybody may.</param>
    public sealed record Body(
        string Name, IReadOnlyList<string> Scopes, IReadOnlyList<string>? Channels = null, IReadOnlyList<string>? Locations = null,
        IReadOnlyList<string>? IpRanges = null, int? RequestsPerSecond = null, DateTimeOffset? ExpiresAt = null)
    {
        public Refusal? Check(DateTimeOffset now)
        {
            var complaints = new Complaints()
                .If(string.IsNullOrWhiteSpace(Name) || Name.Length > NameMax || Name.Any(char.IsControl), "name", $"is required, with at most {NameMax} characters")
                .If(Scopes.Count == 0, "scopes", "at least one is required")
                .If(RequestsPerSecond is < 1 or > RequestsPerSecondMax, "requestsPerSecond", $"is between 1 and {RequestsPerSecondMax}")
                .If(ExpiresAt <= now, "expiresAt", "is in the past");
            Each(complaints, Scopes, "scopes", scope => ServiceDefaults.Scopes.All.Contains(scope), "is not a scope");
            Each(complaints, Channels, "channels", channel => channel is { Length: > 0 and <= 40 }, "is not the name of a channel");
            Each(complaints, Locations, "locations", LocationId.IsValid, "is not the id of a location");
            Each(complaints, IpRanges, "ipRanges", range => IPNetwork.TryParse(range, out _), "is not a range in CIDR notation, such as 203.0.113.0/24");
            return complaints.ToRefusal("invalid-api-key-request", "The key cannot be created like this.");
        }

        private static void Each(Complaints complaints, IReadOnlyList<string>? texts, string path, Func<string, bool> isValid, string otherwise)
        {
            complaints.If(texts?.Count > EntriesMax, path, $"has at most {EntriesMax} entries");
            foreach (var (index, text) in (texts ?? []).Take(EntriesMax).Index())
                complaints.If(text is null || !isValid(text), $"{path}[{index}]", otherwise);
        }
    }
}
