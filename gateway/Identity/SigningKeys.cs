using System.Security.Cryptography;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;
using Npgsql;
using Oms.Gateway.Access;
using Weasel.Postgresql;
using Weasel.Postgresql.Tables;

namespace Oms.Gateway.Identity;

/// <summary>
/// What signs people's tokens: RSA keys in the database, sealed by <see cref="PlatformProtection"/>. Every replica reads the same ones, all are published and the newest
/// signs. Read once in the life of a process.
/// </summary>
internal sealed class SigningKeys(NpgsqlDataSource database, PlatformProtection protection, PeopleOptions people, TimeProvider clock)
    : IConfigurationManager<OpenIdConnectConfiguration>, IDisposable
{
    private const string Name = $"{PeopleDatabase.Schema}.signing_key";
    private const int Bits = 2048;

    private readonly PlatformProtection seal = protection.For("signing-key");
    private readonly SemaphoreSlim gate = new(1);
    private volatile OpenIdConnectConfiguration? known;

    /// <summary>The newest first.</summary>
    /// <exception cref="InvalidOperationException">They were not loaded before.</exception>
    public IEnumerable<SecurityKey> Loaded => known?.SigningKeys ?? throw new InvalidOperationException("The signing keys are not loaded.");

    /// <summary>What encrypts authorization codes and refresh tokens, which nobody else reads.</summary>
    public IEnumerable<SecurityKey> Encrypting => protection.For("tokens").Keys.Select(key => new SymmetricSecurityKey(key));

    public static Table Table()
    {
        var table = new Table(new PostgresqlObjectName(PeopleDatabase.Schema, "signing_key", SchemaUtils.IdentifierUsage.General));
        table.AddColumn<string>("id").AsPrimaryKey();
        table.AddColumn("sealed", "bytea").NotNull();
        table.AddColumn("created_at", "timestamptz").NotNull();
        return table;
    }

    /// <summary>This process asks itself, not the network.</summary>
    public async Task<OpenIdConnectConfiguration> GetConfigurationAsync(CancellationToken cancel)
    {
        if (known is { } loaded)
            return loaded;
        await gate.WaitAsync(cancel);
        try
        {
            return known ??= await Load(cancel);
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>A token of an unknown key is no reason to read them again: whoever makes one up could have us do it with every request.</summary>
    public void RequestRefresh()
    {
    }

    public void Dispose() => gate.Dispose();

    private async Task<OpenIdConnectConfiguration> Load(CancellationToken token)
    {
        var keys = await Read(token);
        if (keys.Count == 0)
        {
            await CreateFirst(token);
            keys = await Read(token);
        }
        await SealAgain(token);
        // As the provider writes it into its tokens.
        var description = new OpenIdConnectConfiguration { Issuer = people.Authority is null ? null : new Uri(people.Authority).AbsoluteUri };
        foreach (var key in keys)
            description.SigningKeys.Add(key);
        return description;
    }

    private async Task<List<RsaSecurityKey>> Read(CancellationToken token)
    {
        await using var command = database.CreateCommand($"select id, sealed from {Name} order by created_at desc, id");
        await using var reader = await command.ExecuteReaderAsync(token);
        List<RsaSecurityKey> keys = [];
        while (await reader.ReadAsync(token))
        {
            var rsa = RSA.Create();
            rsa.ImportPkcs8PrivateKey(seal.Unprotect(await reader.GetFieldValueAsync<byte[]>(1, token)), out _);
            keys.Add(new(rsa) { KeyId = reader.GetString(0) });
        }
        return keys;
    }

    // While Oms:ServiceTokenKey is changed, what only the old one opens must not be left behind.
    private async Task SealAgain(CancellationToken token)
    {
        await using var connection = await database.OpenConnectionAsync(token);
        await using var transaction = await connection.BeginTransactionAsync(token);
        List<(string Id, byte[] Sealed)> keys = [];
        await using (var read = new NpgsqlCommand($"select id, sealed from {Name} order by id for update", connection, transaction))
        await using (var reader = await read.ExecuteReaderAsync(token))
            while (await reader.ReadAsync(token))
                keys.Add((reader.GetString(0), await reader.GetFieldValueAsync<byte[]>(1, token)));
        List<(Guid Person, string Name, string Value)> tokens = [];
        await using (var read = new NpgsqlCommand($"select user_id, name, value from {PersonStore.Tokens} order by user_id, name for update", connection, transaction))
        await using (var reader = await read.ExecuteReaderAsync(token))
            while (await reader.ReadAsync(token))
                tokens.Add((reader.GetGuid(0), reader.GetString(1), reader.GetString(2)));

        await using var batch = new NpgsqlBatch(connection, transaction);
        foreach (var key in keys.Where(key => !seal.IsNewest(key.Sealed)))
            batch.BatchCommands.Add(new($"update {Name} set sealed = $2 where id = $1") { Parameters = { new() { Value = key.Id }, new() { Value = seal.Protect(seal.Unprotect(key.Sealed)) } } });
        var ofPeople = PersonStore.Seal(protection);
        foreach (var it in tokens.Where(it => !ofPeople.IsNewest(Convert.FromBase64String(it.Value))))
            batch.BatchCommands.Add(new($"update {PersonStore.Tokens} set value = $3 where user_id = $1 and name = $2")
            {
                Parameters = { new() { Value = it.Person }, new() { Value = it.Name }, new() { Value = ofPeople.Protect(ofPeople.Unprotect(it.Value)) } },
            });
        if (batch.BatchCommands.Count > 0)
            await batch.ExecuteNonQueryAsync(token);
        await transaction.CommitAsync(token);
    }

    // Of replicas that start at the same time, one is the first.
    private async Task CreateFirst(CancellationToken token)
    {
        using var rsa = RSA.Create(Bits);
        await using var command = database.CreateCommand($"insert into {Name} (id, sealed, created_at) values ('1', $1, $2) on conflict do nothing");
        command.Parameters.Add(new() { Value = seal.Protect(rsa.ExportPkcs8PrivateKey()) });
        command.Parameters.Add(new() { Value = clock.GetUtcNow() });
        await command.ExecuteNonQueryAsync(token);
    }
}
