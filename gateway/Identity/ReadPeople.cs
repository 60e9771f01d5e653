using Microsoft.EntityFrameworkCore;
using Oms.ServiceDefaults;

namespace Oms.Gateway.Identity;

/// <summary>A person as the API shows it.</summary>
/// <param name="Locations">Where warehouse work is allowed.</param>
/// <param name="HasAuthenticator">Signing in asks for a code.</param>
/// <param name="LockedOutUntil">Null unless there were too many failures.</param>
public sealed record PersonView(
    Guid Id, string Email, string Name, IReadOnlyList<string> Roles, IReadOnlyList<string> Locations, bool HasAuthenticator, DateTimeOffset CreatedAt,
    DateTimeOffset? DeactivatedAt, DateTimeOffset? LockedOutUntil, long Version)
{
    public static PersonView Of(Person person, DateTimeOffset now) => new(
        person.Id, person.Email!, person.Name, person.Roles, person.Locations, person.TwoFactorEnabled, person.CreatedAt, person.DeactivatedAt,
        person.LockoutEnd > now ? person.LockoutEnd : null, person.Version);
}

internal static class ReadPeopleSlice
{
    public static void Map(IEndpointRouteBuilder people)
    {
        people.MapGet("", List).WithName("ListPeople").Access(Scopes.PeopleManage).WithSummary("The people of the built-in provider, by id: oldest first.")
            .Produces<Page<PersonView>>().ProducesProblem(422);
        people.MapGet("/{personId:guid}", One).WithName("GetPerson").Access(Scopes.PeopleManage).Versioned().WithSummary("One person.")
            .Produces<PersonView>().ProducesProblem(404);
    }

    private static async Task<IResult> One(Guid personId, HttpContext http, PeopleDatabase database, TimeProvider clock, CancellationToken token)
    {
        if (await database.Users.AsNoTracking().SingleOrDefaultAsync(it => it.Id == personId, token) is not { } person)
            return Problems.From(PeopleRefusals.NotFound(personId));
        http.SetETag(person.Version);
        return TypedResults.Ok(PersonView.Of(person, clock.GetUtcNow()));
    }

    private static async Task<IResult> List(int? limit, string? after, PeopleDatabase database, TimeProvider clock, CancellationToken token)
    {
        if (Keyset.Limit(limit) is not { } size)
            return Problems.From(Keyset.BadLimit);
        var last = Guid.Empty;
        if (after is not null && !(Keyset.Decode(after, 1) is [var text] && Guid.TryParseExact(text, "N", out last)))
            return Problems.From(Keyset.BadCursor);
        var found = await database.Users.AsNoTracking().Where(it => it.Id > last).OrderBy(it => it.Id).Take(size + 1).ToListAsync(token);
        var now = clock.GetUtcNow();
        return TypedResults.Ok(Keyset.Page([.. found.Select(it => PersonView.Of(it, now))], size, it => Keyset.Encode(it.Id.ToString("N"))));
    }
}
