using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Marten;
using Marten.Schema;
using Npgsql;
using NpgsqlTypes;

namespace Oms.ServiceDefaults;

/// <param name="Version">Of the events that it shows; null where the table keeps none.</param>
internal sealed record Stored(object Id, object Stream, string Json, object Document, long? Version);

/// <summary>The table of a read model's documents, past Marten's sessions: read and written by the page, and with the version that the events say.</summary>
internal sealed partial class DocumentTable
{
    private readonly ISerializer serializer;
    private readonly IReadModel model;
    private readonly DocumentMapping mapping;
    private readonly string name;
    private readonly NpgsqlDbType idType;
    private readonly string write;

    public DocumentTable(IDocumentStore store, IReadModel model)
    {
        this.model = model;
        serializer = ((DocumentStore)store).Options.Serializer();
        mapping = (DocumentMapping)store.Options.FindOrResolveDocumentType(model.DocumentType);
        name = mapping.TableName.QualifiedName;
        idType = mapping.IdType == typeof(Guid) ? NpgsqlDbType.Uuid : NpgsqlDbType.Text;
        write = Write();
    }

    public IReadModel Model => model;

    /// <summary>Whether a document's row says which version of the stream it shows.</summary>
    public bool HasVersions => mapping.UseNumericRevisions;

    /// <summary>The documents of these streams.</summary>
    public async Task<List<Stored>> Read(NpgsqlConnection connection, IEnumerable<object> streams, CancellationToken token)
    {
        await using var command = new NpgsqlCommand(
            $"select d.id, {model.StreamOf}, {(HasVersions ? "d.mt_version::bigint" : "null::bigint")}, d.data from {name} d where {model.OfStreams}", connection);
        command.Parameters.Add(Ids(streams));
        await using var reader = await command.ExecuteReaderAsync(token);
        List<Stored> documents = [];
        while (await reader.ReadAsync(token))
        {
            var document = await serializer.FromJsonAsync(model.DocumentType, reader, 3, token);
            documents.Add(new(
                reader.GetValue(0), reader.GetValue(1), serializer.ToJson(document), document, await reader.IsDBNullAsync(2, token) ? null : reader.GetInt64(2)));
        }
        return documents;
    }

    /// <summary>The documents whose stream does not exist.</summary>
    public async IAsyncEnumerable<object> Orphans(NpgsqlConnection connection, [EnumeratorCancellation] CancellationToken token)
    {
        await using var command = new NpgsqlCommand($"select d.id from {name} d where {Orphaned}", connection);
        await using var reader = await command.ExecuteReaderAsync(token);
        while (await reader.ReadAsync(token))
            yield return reader.GetValue(0);
    }

    public async Task<int> RemoveOrphans(NpgsqlConnection connection, CancellationToken token)
    {
        await using var command = new NpgsqlCommand($"delete from {name} d where {Orphaned}", connection);
        return await command.ExecuteNonQueryAsync(token);
    }

    public async Task<int> Remove(NpgsqlConnection connection, IEnumerable<object> ids, CancellationToken token)
    {
        await using var command = new NpgsqlCommand($"delete from {name} where id = any($1)", connection) { Parameters = { Ids(ids) } };
        return await command.ExecuteNonQueryAsync(token);
    }

    /// <summary>
    /// Writes what is missing or shows an older version, and answers the ids written. What shows a newer version has been written by a commit meanwhile and stays.
    /// </summary>
    /// <param name="rewrite">Also what shows the same version.</param>
    /// <param name="always">Whatever version is there; for whoever holds the stream's lock.</param>
    public async Task<HashSet<object>> Write(
        NpgsqlConnection connection, IReadOnlyList<(object Id, long Version, object Document)> documents, bool rewrite, bool always, CancellationToken token)
    {
        await using var command = new NpgsqlCommand(write, connection)
        {
            Parameters =
            {
                Ids(documents.Select(it => it.Id)),
                new() { Value = documents.Select(it => serializer.ToJson(it.Document)).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Jsonb },
                new() { Value = documents.Select(it => (int)it.Version).ToArray() },
                new() { Value = model.DocumentType.FullName },
                new() { Value = always ? int.MaxValue : rewrite ? 1 : 0 },
            },
        };
        await using var reader = await command.ExecuteReaderAsync(token);
        HashSet<object> written = [];
        while (await reader.ReadAsync(token))
            written.Add(reader.GetValue(0));
        return written;
    }

    private string Orphaned => $"not exists (select from {EventStore.Schema}.mt_streams s where s.id = {model.StreamOf})";

    private NpgsqlParameter Ids(IEnumerable<object> ids) => idType == NpgsqlDbType.Uuid
        ? new() { Value = ids.Cast<Guid>().ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Uuid }
        : new() { Value = ids.Cast<string>().ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text };

    // In the order of the ids: two that write several cannot wait for each other in a circle. Columns beside the document are made from it, as when Marten adds
    // such a column to a table that has rows.
    private string Write()
    {
        var columns = mapping.DuplicatedFields.Where(it => !it.OnlyForSearching).Select(it => it.UpdateSqlFragment().Split(" = ", 2))
            .Select(it => (Column: it[0], Value: it[1].Contains("timestamp", StringComparison.Ordinal) ? Truncated(it[1]) : it[1]))
            .Prepend(("mt_dotnet_type", "$4")).Prepend(("mt_last_modified", "transaction_timestamp()")).Prepend(("data", "data")).ToList();
        if (HasVersions)
            columns.Add(("mt_version", "version"));
        var version = HasVersions ? "where excluded.mt_version::bigint + $5 > stored.mt_version" : "where $5 >= 0";
        return $"""
            insert into {name} as stored (id, {string.Join(", ", columns.Select(it => it.Item1))})
            select id, {string.Join(", ", columns.Select(it => it.Item2))} from unnest($1, $2, $3) as d(id, data, version) order by id
            on conflict (id) do update set {string.Join(", ", columns.Select(it => $"{it.Item1} = excluded.{it.Item1}"))}
            {version}
            returning id
            """;
    }

    // A time in a document has seven decimals and a column six: Npgsql cuts the last one off, PostgreSQL would round it.
    private static string Truncated(string value) =>
        JsonMember().Replace(value, member => $@"regexp_replace({member.Value}, '(\.\d{{6}})\d+', '\1')");

    [GeneratedRegex(@"data ->> '\w+'", RegexOptions.None, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex JsonMember();
}
