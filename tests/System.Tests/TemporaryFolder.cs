namespace Oms.SystemTests;

/// <summary>Passable for everybody, because PostgreSQL may have to run as another user: otherwise its data would lie, and stay, elsewhere.</summary>
internal static class TemporaryFolder
{
    public static string Create(string prefix)
    {
        var folder = Directory.CreateTempSubdirectory(prefix);
        if (!OperatingSystem.IsWindows())
            folder.UnixFileMode |= UnixFileMode.OtherExecute | UnixFileMode.GroupExecute;
        return folder.FullName;
    }
}
