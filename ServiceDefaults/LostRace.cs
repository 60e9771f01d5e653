using Npgsql;

namespace Oms.ServiceDefaults;

public static class LostRace
{
    /// <summary>Somebody else wrote first, or the database is away for a moment: the same again, from fresh state, will do.</summary>
    public static bool Is(Exception error) => error switch
    {
        JasperFx.ConcurrencyException => true,                     // a version that moved: stream, saga or document
        JasperFx.DocumentAlreadyExistsException => true,
        // Two unrelated types of one name. StartStream under the quick append throws Marten's.
        JasperFx.Events.ExistingStreamIdCollisionException => true,
        Marten.Exceptions.ExistingStreamIdCollisionException => true,
        NpgsqlException { IsTransient: true } => true,             // deadlocks, a database that restarts
        // EF Core wraps what it takes to be transient.
        InvalidOperationException { InnerException: NpgsqlException { IsTransient: true } } => true,
        // The connection broke before the commit; rolling back then finds the transaction gone, and that is what is thrown.
        ObjectDisposedException { ObjectName: nameof(NpgsqlTransaction) } => true,
        Marten.Exceptions.MartenCommandException { InnerException: { } inner } => Is(inner),
        _ => false,
    };
}
