using Npgsql;

namespace Oms.AppHost.Local;

internal static class PostgresDatabases
{
    private static readonly string[] CreatedMeanwhile = [PostgresErrorCodes.DuplicateDatabase, PostgresErrorCodes.UniqueViolation];

    public static string ConnectionString(ServerContext context, string database) =>
        $"Host=127.0.0.1;Port={context.Port};Username={context.User};Password={context.Password};Database={database}";

    public static async Task<bool> Answers(ServerContext context, CancellationToken token)
    {
        try
        {
            await using var connection = new NpgsqlConnection(ConnectionString(context, "postgres") + ";Pooling=false;Timeout=3");
            await connection.OpenAsync(token);
            return true;
        }
        catch (PostgresException refused) when (refused.SqlState == PostgresErrorCodes.InvalidPassword)
        {
            throw new PlatformException(
                $"PostgreSQL does not know the password in {context.Folder.FullPath}/secrets: data and secrets belong together. Bring the secret back, or remove the folder to start anew.");
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }

    public static void Create(ServerContext context, string database)
    {
        using var connection = Open(context);
        using var exists = new NpgsqlCommand("select 1 from pg_database where datname = $1", connection) { Parameters = { new() { Value = database } } };
        if (exists.ExecuteScalar() is not null)
            return;
        try
        {
            // template0: nobody can be connected to it, so that two may create at the same time.
            using var create = new NpgsqlCommand($"create database {Quoted(database)} template template0", connection);
            create.ExecuteNonQuery();
        }
        catch (PostgresException race) when (CreatedMeanwhile.Contains(race.SqlState))
        {
            return;
        }
    }

    public static void Drop(ServerContext context, string database)
    {
        using var connection = Open(context);
        using var drop = new NpgsqlCommand($"drop database if exists {Quoted(database)} with (force)", connection);
        drop.ExecuteNonQuery();
    }

    private static NpgsqlConnection Open(ServerContext context)
    {
        var connection = new NpgsqlConnection(ConnectionString(context, "postgres") + ";Pooling=false");
        connection.Open();
        return connection;
    }

    private static string Quoted(string name) => $"\"{name.Replace("\"", "\"\"")}\"";
}
