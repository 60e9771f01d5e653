using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Oms.Gateway.Access;
using OpenIddict.Abstractions;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace Oms.Gateway.Identity;

/// <summary>
/// What has to be there before the provider answers anything: its signing keys, the application that people sign in to, and the first admin. Done with the first
/// request, so that neither the start nor the API depends on it; done again with the next one if it fails.
/// </summary>
internal sealed partial class FirstThings(SigningKeys keys, PeopleOptions options, IServiceScopeFactory scopes, TimeProvider clock, ILogger<FirstThings> log)
    : IDisposable
{
    /// <summary>The application of this platform's own people. Not the audience of its tokens: an identity token is for the application, an access token for the API.</summary>
    public const string ClientId = "oms-app";

    // Of several replicas one at a time; the number is arbitrary.
    private const long Turn = 6_173_200_417;

    private readonly SemaphoreSlim gate = new(1);
    private volatile bool done;

    public async Task Before(HttpContext context, RequestDelegate next)
    {
        if (!done)
            await Do(context.RequestAborted);
        await next(context);
    }

    public void Dispose() => gate.Dispose();

    private async Task Do(CancellationToken token)
    {
        await gate.WaitAsync(token);
        try
        {
            if (done)
                return;
            await keys.GetConfigurationAsync(token);
            await using var scope = scopes.CreateAsyncScope();
            var database = scope.ServiceProvider.GetRequiredService<PeopleDatabase>();
            await using var transaction = await database.Database.BeginTransactionAsync(token);
            await database.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock({Turn})", token);
            await Register(scope.ServiceProvider.GetRequiredService<IOpenIddictApplicationManager>(), token);
            await Welcome(scope.ServiceProvider.GetRequiredService<UserManager<Person>>(), token);
            await transaction.CommitAsync(token);
            done = true;
        }
        finally
        {
            gate.Release();
        }
    }

    private async Task Register(IOpenIddictApplicationManager applications, CancellationToken token)
    {
        var wanted = new OpenIddictApplicationDescriptor
        {
            ClientId = ClientId,
            ClientType = ClientTypes.Public,
            ConsentType = ConsentTypes.Implicit,
            DisplayName = "OMS",
            Permissions =
            {
                Permissions.Endpoints.Authorization, Permissions.Endpoints.Token, Permissions.Endpoints.EndSession, Permissions.Endpoints.Revocation,
                Permissions.GrantTypes.AuthorizationCode, Permissions.GrantTypes.RefreshToken, Permissions.ResponseTypes.Code, Permissions.Scopes.Email, Permissions.Scopes.Profile,
            },
            Requirements = { Requirements.Features.ProofKeyForCodeExchange },
        };
        wanted.RedirectUris.UnionWith(options.Redirects);
        wanted.PostLogoutRedirectUris.UnionWith(options.Redirects);
        if (await applications.FindByClientIdAsync(ClientId, token) is { } known)
            await applications.UpdateAsync(known, wanted, token);
        else
            await applications.CreateAsync(wanted, token);
    }

    private async Task Welcome(UserManager<Person> people, CancellationToken token)
    {
        if (options.FirstAdmin is not { } email || await people.Users.AnyAsync(token))
            return;
        var admin = new Person
        {
            Id = Guid.CreateVersion7(clock.GetUtcNow()),
            Name = email,
            UserName = email,
            Email = email,
            Roles = [Roles.Admin],
            CreatedAt = clock.GetUtcNow(),
            MustChangePassword = true,
        };
        var created = await people.CreateAsync(admin, options.FirstAdminPassword ?? throw new InvalidOperationException("Oms__Identity__FirstAdminPassword is not set."));
        if (!created.Succeeded)
            throw new InvalidOperationException($"The first admin cannot be created: {string.Join(' ', created.Errors.Select(it => it.Description))}");
        Welcomed(log, admin.Id);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The first admin is {Person}")]
    private static partial void Welcomed(ILogger log, Guid person);
}
