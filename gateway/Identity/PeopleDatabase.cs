using System.Text.Json;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
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

/// <summary>The tables of <see cref="PeopleDatabase"/>, brought up to date by the step that does so for all others.</summary>
internal sealed class PeopleTables() : FeatureSchemaBase(PeopleDatabase.Schema, new PostgresqlMigrator())
{
    protected override IEnumerable<ISchemaObject> schemaObjects()
    {
        using var database = new PeopleDatabase(new DbContextOptionsBuilder<PeopleDatabase>().UseNpgsql().Options);
        return [SigningKeys.Table(), .. database.Model.GetEntityTypes().Select(Table)];
    }

    private static Table Table(IEntityType entity)
    {
        var table = new Table(Name(entity));
        foreach (var property in entity.GetProperties())
        {
            var column = table.AddColumn(property.GetColumnName(), Type(property));
            if (property.IsPrimaryKey())
                column.AsPrimaryKey();
            else if (!property.IsNullable)
                column.NotNull();
            if (property is { ValueGenerated: ValueGenerated.OnAdd, ClrType: var type } && type == typeof(int))
                column.AutoIncrement();
        }
        foreach (var index in entity.GetIndexes())
            table.Indexes.Add(new IndexDefinition(index.GetDatabaseName()!) { Columns = Columns(index.Properties), IsUnique = index.IsUnique });
        foreach (var key in entity.GetForeignKeys())
            table.ForeignKeys.Add(new ForeignKey($"{table.Identifier.Name}_{string.Join('_', Columns(key.Properties))}_fkey")
            {
                LinkedTable = Name(key.PrincipalEntityType),
                ColumnNames = Columns(key.Properties),
                LinkedNames = Columns(key.PrincipalKey.Properties),
            });
        return table;
    }

    private static PostgresqlObjectName Name(IEntityType entity) => new(PeopleDatabase.Schema, entity.GetTableName()!, SchemaUtils.IdentifierUsage.General);

    private static string[] Columns(IEnumerable<IProperty> properties) => [.. properties.Select(it => it.GetColumnName())];

    private static string Type(IProperty property) => property.GetColumnType() switch
    {
        "timestamp with time zone" => "timestamptz",
        var type => type,
    };
}
