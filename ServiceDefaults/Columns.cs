using Marten;
using Marten.Schema;

namespace Oms.ServiceDefaults;

public static class Columns
{
    /// <summary>
    /// Takes back the index that Marten makes for each duplicated column, where lists filter by the column only together with what they are sorted by and so
    /// use a longer index that begins with it: every commit would write both. Call it after everything else about the document is said.
    /// </summary>
    public static void IndexOnlyTogether<TDocument>(this StoreOptions options, params string[] columns)
    {
        var indexes = ((IReadOnlyStoreOptions)options).FindOrResolveDocumentType(typeof(TDocument)).Indexes;
        foreach (var alone in indexes.OfType<DocumentIndex>().Where(index => index.Columns is [var column] && columns.Contains(column)).ToList())
            indexes.Remove(alone);
    }
}
