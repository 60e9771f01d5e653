namespace Oms.AppHost.Local;

/// <summary>A log file of lines that come from several threads.</summary>
internal sealed class LineLog : IDisposable
{
    private readonly Lock gate = new();
    private readonly StreamWriter writer;

    public LineLog(string file)
    {
        LogTail.KeepPrevious(file);
        writer = new(new FileStream(file, FileMode.Append, FileAccess.Write, FileShare.ReadWrite)) { AutoFlush = true };
    }

    public void Write(string line)
    {
        lock (gate)
        {
            if (writer.BaseStream.CanWrite)
                writer.WriteLine(line);
        }
    }

    public void Dispose()
    {
        lock (gate)
            writer.Dispose();
    }
}

internal static class LogTail
{
    private const int Lines = 25;

    /// <summary>A start writes a new file and keeps the one of the start before.</summary>
    public static void KeepPrevious(string file)
    {
        if (File.Exists(file))
            File.Move(file, Path.ChangeExtension(file, ".previous.log"), overwrite: true);
    }

    public static string Of(string file)
    {
        if (!File.Exists(file))
            return "";
        using var reader = new StreamReader(new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
        var lines = reader.ReadToEnd().TrimEnd().Split('\n').TakeLast(Lines);
        return $"The end of {file}:{Environment.NewLine}{string.Join(Environment.NewLine, lines.Select(line => "  | " + line))}";
    }
}
