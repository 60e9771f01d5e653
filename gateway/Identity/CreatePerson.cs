using Microsoft.AspNetCore.Identity;
using Oms.Gateway.Access;
using Oms.Kernel;
using Oms.ServiceDefaults;

namespace Oms.Gateway.Identity;

internal static class CreatePersonSlice
{
    private const int NameMax = 100, EmailMax = 254, LocationsMax = 100;

    public static void Map(IEndpointRouteBuilder people) => people.MapPost("", Handle)
        .WithName("CreatePerson").Access(Scopes.PeopleManage).KnowsRepeats()
        .WithSummary("Adds a person. The password is in this answer and nowhere else; it is good for choosing another one.")
        .WithExample(new Body("kim@example.com", "Kim Park", [Roles.Warehouse], [Examples.Location]))
        .Produces<Created>(StatusCodes.Status201Created).ProducesProblem(409).ProducesProblem(422);

    /// <summary>Nobody gives away more than they have.</summary>
    public static Refusal? Objection(Caller by, IEnumerable<string> roles) =>
        Person.ScopesOf(roles).Except(by.Scopes).ToList() is { Count: > 0 } beyond ? AccessRefusals.BeyondYourOwn(beyond) : null;

    private static async Task<IResult> Handle(Body body, Caller caller, HttpContext http, UserManager<Person> people, TimeProvider clock)
    {
        if ((body.Check() ?? Objection(caller, body.Roles)) is { } refusal)
            return Problems.From(refusal);
        var now = clock.GetUtcNow();
        var person = new Person
        {
            Id = Guid.CreateVersion7(now),
            Name = body.Name,
            UserName = body.Email,
            Email = body.Email,
            Roles = [.. body.Roles.Distinct().Order(StringComparer.Ordinal)],
            Locations = [.. (body.Locations ?? []).Distinct().Order(StringComparer.Ordinal)],
            CreatedAt = now,
            MustChangePassword = true,
        };
        var password = OneTimePassword.Create();
        if (await people.FindByEmailAsync(body.Email) is not null || await people.Add(person, password) is false)
            return Problems.From(PeopleRefusals.Exists(body.Email));
        http.SetETag(person.Version);
        return TypedResults.Created($"/v1/people/{person.Id}", new Created(password, PersonView.Of(person, now)));
    }

    /// <summary>What is wrong with these roles and locations.</summary>
    public static Complaints Check(this Complaints complaints, IReadOnlyList<string> roles, IReadOnlyList<string>? locations)
    {
        complaints.If(roles.Count == 0, "roles", "at least one is required")
            .If(locations?.Count > LocationsMax, "locations", $"has at most {LocationsMax} entries")
            .If(roles.Contains(Roles.Warehouse) && locations is not { Count: > 0 }, "locations", "is where a warehouse person works: at least one is required");
        foreach (var (index, role) in roles.Take(Roles.ScopesOf.Count + 1).Index())
            complaints.If(role is null || !Roles.ScopesOf.ContainsKey(role), $"roles[{index}]", $"is one of {string.Join(", ", Roles.ScopesOf.Keys)}");
        foreach (var (index, location) in (locations ?? []).Take(LocationsMax).Index())
            complaints.If(!LocationId.IsValid(location), $"locations[{index}]", "is not the id of a location");
        return complaints;
    }

    /// <param name="Password">Shown once.</param>
    public sealed record Created(string Password, PersonView Person);

    /// <param name="Email">What the person signs in with.</param>
    /// <param name="Roles">viewer, customer_service, warehouse, manager, admin: at least one.</param>
    /// <param name="Locations">Where warehouse work is allowed.</param>
    public sealed record Body(string Email, string Name, IReadOnlyList<string> Roles, IReadOnlyList<string>? Locations = null)
    {
        public Refusal? Check() => new Complaints()
            .If(string.IsNullOrWhiteSpace(Name) || Name.Length > NameMax || Name.Any(char.IsControl), "name", $"is required, with at most {NameMax} characters")
            .If(!IsEmail(Email), "email", "is not an e-mail address")
            .Check(Roles, Locations).ToRefusal("invalid-person", "The person cannot be added like this.");

        private static bool IsEmail(string text) => text.Length <= EmailMax && !text.Any(it => char.IsControl(it) || char.IsWhiteSpace(it))
            && text.IndexOf('@', StringComparison.Ordinal) is > 0 and var at && at == text.LastIndexOf('@') && at < text.Length - 1;
    }
}
