using System.Buffers.Binary;
using System.Text;
using Npgsql;

namespace Oms.Bench.Load;

/// <summary>PostgreSQL's binary COPY as it is on the wire: rows are read and written without knowing what their columns mean.</summary>
internal static class PgCopy
{
    private static readonly byte[] Header = [.. "PGCOPY\n"u8, 0xFF, .. "\r\n"u8, 0, .. new byte[8]];

    /// <summary>The fields of each row; null for NULL.</summary>
    public static async Task<List<byte[]?[]>> Read(NpgsqlConnection connection, string query, CancellationToken token)
    {
        await using var stream = await connection.BeginRawBinaryCopyAsync($"copy ({query}) to stdout (format binary)", token);
        using var memory = new MemoryStream();
        await stream.CopyToAsync(memory, token);
        return Parse(memory.ToArray());
    }

    private static List<byte[]?[]> Parse(byte[] bytes)
    {
        List<byte[]?[]> rows = [];
        for (var at = Header.Length; BinaryPrimitives.ReadInt16BigEndian(bytes.AsSpan(at)) is >= 0 and var count;)
        {
            at += sizeof(short);
            var row = new byte[]?[count];
            for (var field = 0; field < count; field++)
            {
                var length = BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(at));
                at += sizeof(int);
                if (length < 0)
                    continue;
                row[field] = bytes.AsSpan(at, length).ToArray();
                at += length;
            }
            rows.Add(row);
        }
        return rows;
    }

    /// <summary>Writes rows into one table. Checks of references are left out: they hold by construction.</summary>
    public sealed class Writer : IAsyncDisposable
    {
        private const int FlushBytes = 256 * 1024;
        private readonly NpgsqlConnection connection;
        private readonly NpgsqlRawCopyStream stream;
        private byte[] buffer = new byte[2 * FlushBytes];
        private int length;
        private int field;

        private Writer(NpgsqlConnection opened, NpgsqlRawCopyStream target) => (connection, stream) = (opened, target);

        public long Rows { get; private set; }

        public static async Task<Writer> Open(string connectionString, string table, CancellationToken token)
        {
            var opened = new NpgsqlConnection(connectionString);
            await opened.OpenAsync(token);
            await using (var command = new NpgsqlCommand("set session_replication_role = replica; set synchronous_commit = off", opened))
                await command.ExecuteNonQueryAsync(token);
            var writer = new Writer(opened, await opened.BeginRawBinaryCopyAsync($"copy {table} from stdin (format binary)", token));
            writer.Bytes(Header);
            return writer;
        }

        public void BeginRow(int fields)
        {
            BinaryPrimitives.WriteInt16BigEndian(Room(sizeof(short)), (short)fields);
            Rows++;
        }

        public void Null() => BinaryPrimitives.WriteInt32BigEndian(Room(sizeof(int)), -1);

        public void BeginField()
        {
            field = length;
            Room(sizeof(int));
        }

        public void EndField() => BinaryPrimitives.WriteInt32BigEndian(buffer.AsSpan(field), length - field - sizeof(int));

        public void Bytes(ReadOnlySpan<byte> bytes) => bytes.CopyTo(Room(bytes.Length));

        public void Text(string text) => Encoding.UTF8.GetBytes(text, Room(Encoding.UTF8.GetByteCount(text)));

        /// <summary>The next bytes, for the caller to fill.</summary>
        public Span<byte> Room(int bytes)
        {
            if (length + bytes > buffer.Length)
                Array.Resize(ref buffer, Math.Max(2 * buffer.Length, length + bytes));
            length += bytes;
            return buffer.AsSpan(length - bytes, bytes);
        }

        /// <summary>To be called between rows.</summary>
        public async ValueTask FlushIfFull(CancellationToken token)
        {
            if (length < FlushBytes)
                return;
            await stream.WriteAsync(buffer.AsMemory(0, length), token);
            length = 0;
        }

        public async Task Complete(CancellationToken token)
        {
            BinaryPrimitives.WriteInt16BigEndian(Room(sizeof(short)), -1);
            await stream.WriteAsync(buffer.AsMemory(0, length), token);
            await stream.DisposeAsync();
        }

        public async ValueTask DisposeAsync()
        {
            await stream.DisposeAsync();
            await connection.DisposeAsync();
        }
    }
}
