using System.Text.Json;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;
using Weasel.Core;
using Weasel.Core.Migrations;
using Weasel.Postgresql;
using Weasel.Postgresql.Tables;

namespace Oms.Gateway.Identity;

/// <summary>People, and what the provider has issued, in a schema of their own.</summary>
internal sealed class PeopleDatabase(DbContextOptions<PeopleDatabase> options) : IdentityUserContext<Person, Guid>(options)
{
    public const string Schema = "identity";

    protected override void OnModelCreating(ModelBuilder builder)
    {
        base.OnModelCreating(builder);
        builder.UseOpenIddict();
        builder.HasDefaultSchema(Schema);
        builder.Entity<Person>(person =>
        {
            person.ToTable("person");
            person.Ignore(it => it.PhoneNumber).Ignore(it => it.PhoneNumberConfirmed).Ignore(it => it.EmailConfirmed);
            person.HasIndex(it => it.NormalizedEmail).IsUnique();
        });
        builder.Entity<IdentityUserClaim<Guid>>().ToTable("person_claim");
        builder.Entity<IdentityUserLogin<Guid>>().ToTable("person_login");
        builder.Entity<IdentityUserToken<Guid>>().ToTable("person_token");

        // Named and typed as PostgreSQL likes it.
        foreach (var entity in builder.Model.GetEntityTypes())
        {
            entity.SetTableName(Snake(entity.GetTableName()!));
            foreach (var property in entity.GetProperties())
            {
                property.SetColumnName(Snake(property.Name));
                property.SetMaxLength(null);
            }
            foreach (var index in entity.GetIndexes())
                index.SetDatabaseName($"{entity.GetTableName()}_{string.Join('_', index.Properties.Select(it => it.GetColumnName()))}");
        }
    }

    private static string Snake(string name) => JsonNamingPolicy.SnakeCaseLower.ConvertName(name);
}

/// <summary>
/// The tables of <see cref="PeopleDatabase"/>, brought up to date by the step that does so for all others. Written down and not read off the model, which takes a
/// second to build: it is built when somebody signs in.
/// </summary>
internal sealed class PeopleTables() : FeatureSchemaBase(PeopleDatabase.Schema, new PostgresqlMigrator())
{
    private const string Key = "key", Required = "required", Serial = "serial";

    protected override IEnumerable<ISchemaObject> schemaObjects()
    {
        var person = Table("person",
            """
            id uuid key, access_failed_count int required, concurrency_stamp text, created_at timestamptz required, deactivated_at timestamptz, email text, last_code text,
            locations text[] required, lockout_enabled boolean required, lockout_end timestamptz, must_change_password boolean required, name text required,
            normalized_email text, normalized_user_name text, password_hash text, roles text[] required, security_stamp text, two_factor_enabled boolean required, user_name text,
            version int required
            """);
        Index(person, isUnique: true, "normalized_email");
        Index(person, isUnique: true, "normalized_user_name");
        var claim = Table("person_claim", "id int serial, claim_type text, claim_value text, user_id uuid required");
        Link(claim, "user_id", person);
        var login = Table("person_login", "login_provider text key, provider_key text key, provider_display_name text, user_id uuid required");
        Link(login, "user_id", person);
        var token = Table("person_token", "user_id uuid key, login_provider text key, name text key, value text");
        Link(token, "user_id", person);

        var application = Table("open_iddict_applications",
            """
            id text key, application_type text, client_id text, client_secret text, client_type text, concurrency_token text, consent_type text, display_name text,
            display_names text, json_web_key_set text, permissions text, post_logout_redirect_uris text, properties text, redirect_uris text, requirements text, settings text
            """);
        Index(application, isUnique: true, "client_id");
        var authorization = Table("open_iddict_authorizations",
            """
            id text key, application_id text, concurrency_token text, creation_date timestamptz, properties text, scopes text, status text, subject text, type text
            """);
        Index(authorization, isUnique: false, "application_id", "status", "subject", "type");
        Link(authorization, "application_id", application);
        var scope = Table("open_iddict_scopes",
            "id text key, concurrency_token text, description text, descriptions text, display_name text, display_names text, name text, properties text, resources text");
        Index(scope, isUnique: true, "name");
        var issued = Table("open_iddict_tokens",
            """
            id text key, application_id text, authorization_id text, concurrency_token text, creation_date timestamptz, expiration_date timestamptz, payload text,
            properties text, redemption_date timestamptz, reference_id text, status text, subject text, type text
            """);
        Index(issued, isUnique: true, "reference_id");
        Index(issued, isUnique: false, "application_id", "status", "subject", "type");
        Link(issued, "application_id", application);
        Link(issued, "authorization_id", authorization);
        return [SigningKeys.Table(), person, claim, login, token, application, authorization, scope, issued];
    }

    /// <param name="columns">Name, type, and what it is besides, with commas between them.</param>
    private static Table Table(string name, string columns)
    {
        var table = new Table(new PostgresqlObjectName(PeopleDatabase.Schema, name, SchemaUtils.IdentifierUsage.General));
        foreach (var words in columns.Split(',').Select(it => it.Trim().Split(' ')))
        {
            var column = table.AddColumn(words[0], words[1]);
            switch (words.ElementAtOrDefault(2))
            {
                case Key:
                    column.AsPrimaryKey();
                    break;
                case Serial:
                    column.AsPrimaryKey().AutoIncrement();
                    break;
                case Required:
                    column.NotNull();
                    break;
            }
        }
        return table;
    }

    private static void Index(Table table, bool isUnique, params string[] columns) =>
        table.Indexes.Add(new IndexDefinition($"{table.Identifier.Name}_{string.Join('_', columns)}") { Columns = columns, IsUnique = isUnique });

    private static void Link(Table table, string column, Table to)
    {
        table.ForeignKeys.Add(new ForeignKey($"{table.Identifier.Name}_{column}_fkey") { LinkedTable = to.Identifier, ColumnNames = [column], LinkedNames = ["id"] });
        if (!table.Indexes.Any(index => index.Columns is [var first, ..] && first == column) && !table.PrimaryKeyColumns.Contains(column))
            Index(table, isUnique: false, column);
    }
}
