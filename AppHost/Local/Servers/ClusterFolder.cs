namespace Oms.AppHost.Local;

/// <summary>PostgreSQL's data, and the user it must belong to: PostgreSQL refuses to run as root.</summary>
internal sealed class ClusterFolder
{
    private const string ServerUser = "postgres";

    private ClusterFolder(string parent, string? user)
    {
        Parent = parent;
        User = user;
    }

    public string Parent { get; }

    public string Data => Path.Combine(Parent, "data");

    /// <summary>Null when the launcher's own user will do.</summary>
    public string? User { get; }

    public static ClusterFolder Of(DataFolder folder)
    {
        var user = !OperatingSystem.IsWindows() && Environment.IsPrivilegedProcess ? ServerUser : null;
        var usual = Path.Combine(folder.FullPath, "postgres");
        if (RecordedIn(folder) is { } recorded)
            return new(recorded, user);
        if (user is null || AnyoneMayPass(folder.FullPath))
            return new(usual, user);
        var elsewhere = Path.Combine(Directory.Exists("/var/tmp") ? "/var/tmp" : Path.GetTempPath(), $"oms-{folder.Id}-{Path.GetRandomFileName()}");
        Directory.CreateDirectory(elsewhere);
        File.WriteAllText(Record(folder), elsewhere);
        return new(elsewhere, user);
    }

    public static string? VersionIn(DataFolder folder)
    {
        var file = Path.Combine(RecordedIn(folder) ?? Path.Combine(folder.FullPath, "postgres"), "data", "PG_VERSION");
        return File.Exists(file) ? File.ReadAllText(file).Trim() : null;
    }

    /// <summary>Creates a cluster beside its final place and moves it there when it is whole.</summary>
    public async Task Initialize(string bin, string user, string password, CancellationToken token)
    {
        if (File.Exists(Path.Combine(Data, "PG_VERSION")))
            return;
        var draft = Path.Combine(Parent, "data.new");
        var passwordFile = Path.Combine(Parent, "password.new");
        if (Directory.Exists(draft))
            Directory.Delete(draft, recursive: true);
        Directory.CreateDirectory(draft);
        // PostgreSQL wants its folder closed to others.
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(draft, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        DataFolder.WritePrivate(passwordFile, password);
        GiveAway(draft);
        GiveAway(passwordFile);
        var initdb = new Command(Path.Combine(bin, "initdb"), ["-D", draft, "-U", user, "-E", "UTF8", "--locale=C", "--auth=scram-sha-256", $"--pwfile={passwordFile}"])
        {
            User = User,
        };
        var result = await Shell.Run(initdb.AsItsUser(), TimeSpan.FromMinutes(2), token);
        File.Delete(passwordFile);
        if (!result.Succeeded)
            throw new PlatformException($"initdb failed: {result.Output}{result.Errors}");
        Directory.Move(draft, Data);
    }

    /// <summary>Puts a copy of these data where there are none, once <paramref name="check"/> has found the copy whole.</summary>
    public async Task Place(string copy, Func<string, Task> check)
    {
        var draft = Path.Combine(Parent, "data.new");
        if (Directory.Exists(draft))
            Directory.Delete(draft, recursive: true);
        CopyFolder(copy, draft);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(draft, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        await check(draft);
        GiveAway(draft);
        Directory.Move(draft, Data);
    }

    /// <summary>The postmaster, if one runs on this very data; a number left over from a crash may be anybody's by now.</summary>
    public int RunningPid()
    {
        var file = Path.Combine(Data, "postmaster.pid");
        if (!File.Exists(file) || !int.TryParse(File.ReadLines(file).FirstOrDefault(), out var pid))
            return 0;
        return ProcessIdentity.CommandLine(pid).Contains(Data, StringComparison.Ordinal) ? pid : 0;
    }

    /// <summary>PostgreSQL will not start while the number in its file belongs to any living process.</summary>
    public void ForgetForeignPid()
    {
        var file = Path.Combine(Data, "postmaster.pid");
        if (File.Exists(file) && RunningPid() == 0 && int.TryParse(File.ReadLines(file).FirstOrDefault(), out var pid) && ProcessIdentity.Of(pid) is not null)
            File.Delete(file);
    }

    public void Delete()
    {
        if (Directory.Exists(Parent))
            Directory.Delete(Parent, recursive: true);
    }

    private static string Record(DataFolder folder) => Path.Combine(folder.FullPath, "postgres.location");

    private static string? RecordedIn(DataFolder folder) => File.Exists(Record(folder)) ? File.ReadAllText(Record(folder)).Trim() : null;

    private static bool AnyoneMayPass(string path)
    {
        for (var folder = new DirectoryInfo(path); folder is not null; folder = folder.Parent)
        {
            if (!OperatingSystem.IsWindows() && !File.GetUnixFileMode(folder.FullName).HasFlag(UnixFileMode.OtherExecute))
                return false;
        }

        return true;
    }

    private static void CopyFolder(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.GetFiles(from))
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        foreach (var folder in Directory.GetDirectories(from))
            CopyFolder(folder, Path.Combine(to, Path.GetFileName(folder)));
    }

    private void GiveAway(string path)
    {
        if (User is null)
            return;
        var changed = Shell.Run("chown", "-R", $"{User}:", path);
        if (!changed.Succeeded)
            throw new PlatformException($"PostgreSQL does not run as root, and '{path}' could not be given to the user '{User}': {changed.Errors}");
    }
}
