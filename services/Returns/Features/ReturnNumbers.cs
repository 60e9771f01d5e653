using JasperFx.Events;
using Marten;
using Oms.ServiceDefaults;
using Weasel.Postgresql;

namespace Oms.Returns.Features;

/// <summary>The numbers that people call returns by. A lost race leaves a gap; no number is ever given twice.</summary>
public static class ReturnNumbers
{
    private const string Name = "return_number";
    private const long First = 1_001;

    public static Sequence Sequence() => new(new PostgresqlObjectName(EventStore.Schema, Name, SchemaUtils.IdentifierUsage.General), First);

    public static async Task<string> Next(IQuerySession session, CancellationToken token)
    {
        var numbers = await session.AdvancedSql.QueryAsync<long>($"select nextval('{EventStore.Schema}.{Name}')", token);
        return $"RMA-{numbers[0]}";
    }
}
