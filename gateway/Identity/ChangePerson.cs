using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Oms.Gateway.Access;
using Oms.Kernel;
using Oms.ServiceDefaults;

namespace Oms.Gateway.Identity;

/// <summary>Other roles, the end, the end of the end, and a new beginning for who has lost password or authenticator.</summary>
internal static class ChangePersonSlice
{
    public static void Map(IEndpointRouteBuilder people)
    {
        people.MapPut("/{personId:guid}/roles", ChangeRoles).WithName("ChangeRoles").Access(Scopes.PeopleManage).Versioned().KnowsRepeats()
            .WithSummary("Gives a person these roles and locations instead of the ones until now: with the next token, in at most five minutes.")
            .WithExample(new Body([Roles.Warehouse, Roles.CustomerService], [Examples.Location]))
            .Produces<PersonView>().ProducesProblem(404).ProducesProblem(412).ProducesProblem(422);
        people.MapPost("/{personId:guid}/deactivation", Deactivate).WithName("DeactivatePerson").Access(Scopes.PeopleManage).Versioned().KnowsRepeats()
            .WithSummary("The person signs in no more and gets no new token; the last one opens for at most five minutes. Safe to repeat.")
            .Produces<PersonView>().ProducesProblem(404).ProducesProblem(412).ProducesProblem(422);
        people.MapDelete("/{personId:guid}/deactivation", Activate).WithName("ActivatePerson").Access(Scopes.PeopleManage).Versioned().KnowsRepeats()
            .WithSummary("The person may sign in again. Safe to repeat.")
            .Produces<PersonView>().ProducesProblem(404).ProducesProblem(412).ProducesProblem(422);
        people.MapPost("/{personId:guid}/reset", Reset).WithName("ResetPerson").Access(Scopes.PeopleManage).Versioned().KnowsRepeats()
            .WithSummary("A new password, shown once and good for choosing another one; the authenticator is forgotten, a lock-out ends, and whoever is signed in as this person " +
                "is so no more. Send If-Match with the person's ETag, so that a repeat does not do it once more.")
            .Produces<CreatePersonSlice.Created>().ProducesProblem(404).ProducesProblem(409).ProducesProblem(412).ProducesProblem(422);
    }

    private static Task<IResult> ChangeRoles(Guid personId, Body body, Caller caller, Change change) =>
        new Complaints().Check(body.Roles, body.Locations).ToRefusal("invalid-roles", "The person cannot have these roles.") is { } refusal
            ? Task.FromResult<IResult>(Problems.From(refusal))
            : change.Of(personId, caller, async person =>
            {
                if (CreatePersonSlice.Objection(caller, body.Roles) is { } beyond)
                    return Problems.From(beyond);
                person.Roles = [.. body.Roles.Distinct().Order(StringComparer.Ordinal)];
                person.Locations = [.. (body.Locations ?? []).Distinct().Order(StringComparer.Ordinal)];
                return await change.Save(person);
            });

    private static Task<IResult> Deactivate(Guid personId, Caller caller, Change change) => change.Of(personId, caller, async person =>
    {
        if (!person.IsActive)
            return change.Answer(person);
        person.DeactivatedAt = change.Now;
        return await change.SignOut(person);
    });

    private static Task<IResult> Activate(Guid personId, Caller caller, Change change) => change.Of(personId, caller, async person =>
    {
        if (person.IsActive)
            return change.Answer(person);
        person.DeactivatedAt = null;
        return await change.Save(person);
    });

    private static Task<IResult> Reset(Guid personId, Caller caller, Change change) => change.Of(personId, caller, async person =>
    {
        if (!person.IsActive)
            return Problems.From(PeopleRefusals.Deactivated(person));
        (person.MustChangePassword, person.TwoFactorEnabled, person.LockoutEnd, person.AccessFailedCount, person.LastCode) = (true, false, null, 0, null);
        var password = await change.NewSecrets(person);
        var answer = await change.SignOut(person);
        return answer is IStatusCodeHttpResult { StatusCode: >= 400 } ? answer : TypedResults.Ok(new CreatePersonSlice.Created(password, PersonView.Of(person, change.Now)));
    });

    /// <param name="Roles">viewer, customer_service, warehouse, manager, admin: at least one.</param>
    /// <param name="Locations">Where warehouse work is allowed.</param>
    public sealed record Body(IReadOnlyList<string> Roles, IReadOnlyList<string>? Locations = null);

    /// <summary>One change of one person, by somebody who may do all that the person may.</summary>
    internal sealed class Change(UserManager<Person> people, IHttpContextAccessor http, TimeProvider clock)
    {
        public DateTimeOffset Now => clock.GetUtcNow();

        public async Task<IResult> Of(Guid personId, Caller by, Func<Person, Task<IResult>> change)
        {
            if (await people.FindByIdAsync(personId.ToString()) is not { } person)
                return Problems.From(PeopleRefusals.NotFound(personId));
            if (http.HttpContext!.Precondition()?.Objection(exists: true, person.Version) is { } stale)
                return Problems.From(stale);
            if (CreatePersonSlice.Objection(by, person.Roles) is { } refusal)
                return Problems.From(refusal);
            return await change(person);
        }

        /// <summary>A new password and a new secret of the authenticator, which nobody has seen.</summary>
        public async Task<string> NewSecrets(Person person)
        {
            var password = OneTimePassword.Create();
            person.PasswordHash = people.PasswordHasher.HashPassword(person, password);
            await people.ResetAuthenticatorKeyAsync(person);
            return password;
        }

        public async Task<IResult> Save(Person person) => await Saved(person, it => people.UpdateAsync(it));

        /// <summary>With a new stamp: whoever has signed in as this person has to do so again.</summary>
        public async Task<IResult> SignOut(Person person) => await Saved(person, it => people.UpdateSecurityStampAsync(it));

        public IResult Answer(Person person)
        {
            http.HttpContext!.SetETag(person.Version);
            return TypedResults.Ok(PersonView.Of(person, Now));
        }

        private async Task<IResult> Saved(Person person, Func<Person, Task<IdentityResult>> save)
        {
            person.Version++;
            // All that can be wrong is that somebody else was faster.
            return (await save(person)).Succeeded ? Answer(person) : Problems.From(PeopleRefusals.ChangedMeanwhile(person));
        }
    }
}

internal static class PeopleChanges
{
    /// <returns>False when somebody else has added the same person at the same time.</returns>
    public static async Task<bool> Add(this UserManager<Person> people, Person person, string password)
    {
        try
        {
            var created = await people.CreateAsync(person, password);
            return created.Succeeded ? true : throw new InvalidOperationException(string.Join(' ', created.Errors.Select(it => it.Description)));
        }
        catch (DbUpdateException error) when (error.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation })
        {
            return false;
        }
    }
}
