namespace Oms.AppHost.Local;

/// <summary>Where the servers of a data folder listen, kept there for whoever joins them.</summary>
internal sealed record ServerPorts(int Postgres, int Rabbit, int Mapper)
{
    public static ServerPorts Free() => new(Local.Ports.Free(), Local.Ports.Free(), Local.Ports.Free());

    /// <summary>Those in use; null when nothing runs in this folder.</summary>
    public static ServerPorts? InUse(DataFolder folder)
    {
        if (!folder.Running.Read().Values.Any(process => process.IsAlive) || !File.Exists(FileIn(folder)))
            return null;
        var numbers = File.ReadAllText(FileIn(folder)).Split(' ').Select(int.Parse).ToArray();
        return new(numbers[0], numbers[1], numbers[2]);
    }

    public ServerPorts KeepIn(DataFolder folder)
    {
        File.WriteAllText(FileIn(folder), $"{Postgres} {Rabbit} {Mapper}");
        return this;
    }

    private static string FileIn(DataFolder folder) => Path.Combine(folder.FullPath, "ports");
}
