using System.Security.Cryptography;
using System.Text;

namespace Oms.AppHost.Local;

/// <summary>Where one platform keeps everything: data, secrets, logs, and what it needs to find its own leftovers.</summary>
public sealed class DataFolder
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private static readonly Encoding Plain = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);

    public DataFolder(string path)
    {
        FullPath = Path.GetFullPath(path);
        Directory.CreateDirectory(FullPath);
        // Personal data may reach the logs of a server; secrets are nobody else's business. The folder itself stays
        // passable, because PostgreSQL may have to run as another user.
        CreatePrivate(Logs);
        CreatePrivate(Secrets);
        Running = new(Path.Combine(FullPath, "running"));
    }

    public string FullPath { get; }

    public string Logs => Path.Combine(FullPath, "logs");

    /// <summary>Tells this folder's servers and containers from those of any other folder.</summary>
    public string Id => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(FullPath)))[..10];

    internal RunningProcesses Running { get; }

    private string GatewayFile => Path.Combine(FullPath, "gateway");

    private string LockFile => Path.Combine(FullPath, "lock");

    private string HolderFile => Path.Combine(FullPath, "lock.holder");

    private string Secrets => Path.Combine(FullPath, "secrets");

    /// <summary>OMS_HOME, or .oms in the root of the repository.</summary>
    public static string DefaultPath() =>
        Environment.GetEnvironmentVariable("OMS_HOME") is { Length: > 0 } home ? home : Path.Combine(RepositoryRoot(), ".oms");

    public static string RepositoryRoot() =>
        FindRoot(AppContext.BaseDirectory) ?? FindRoot(Environment.CurrentDirectory) ?? Environment.CurrentDirectory;

    public string Log(string name) => Path.Combine(Logs, name + ".log");

    /// <summary>Made up at the first start and the same at every later one.</summary>
    public string Secret(string name)
    {
        var file = Path.Combine(Secrets, name);
        if (File.Exists(file))
            return File.ReadAllText(file).Trim();
        var secret = NewSecret(name);
        WritePrivate(file, secret);
        return secret;
    }

    /// <summary>Copies all secrets there are.</summary>
    public void CopySecretsTo(string other) => CopySecrets(Secrets, other);

    public void TakeSecretsFrom(string other) => CopySecrets(other, Secrets);

    /// <summary>Held until disposed, and let go by the system when the holder dies.</summary>
    public IDisposable Lock() => TryLock() ?? throw new PlatformException(
        $"Another launcher (process {File.ReadAllText(HolderFile)}) runs on {FullPath}. Stop it, or start this one beside it: OMS_HOME=<another folder> OMS_PORT=<another port>.");

    /// <summary>Where the platform that runs on this folder can be asked; null when none does, or not yet.</summary>
    public Uri? RunningGateway()
    {
        using var free = TryLock();
        return free is null && File.Exists(GatewayFile) ? new(File.ReadAllText(GatewayFile)) : null;
    }

    /// <summary>Tells other processes where the platform of this folder is; null that it is gone.</summary>
    internal void Announce(Uri? gateway)
    {
        if (gateway is null)
            File.Delete(GatewayFile);
        else
            File.WriteAllText(GatewayFile, gateway.AbsoluteUri);
    }

    internal IDisposable? TryLock()
    {
        try
        {
            var held = new FileStream(LockFile, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            File.WriteAllText(HolderFile, $"{Environment.ProcessId}");
            return held;
        }
        catch (IOException)
        {
            return null;
        }
    }

    internal static void WritePrivate(string file, string text)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = OwnerOnly;
        using var stream = new FileStream(file, options);
        stream.Write(Plain.GetBytes(text));
    }

    internal static void CreatePrivate(string folder)
    {
        Directory.CreateDirectory(folder);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(folder, OwnerOnly | UnixFileMode.UserExecute);
    }

    private static void CopySecrets(string from, string to)
    {
        CreatePrivate(to);
        foreach (var file in Directory.GetFiles(from))
            WritePrivate(Path.Combine(to, Path.GetFileName(file)), File.ReadAllText(file));
    }

    private static string NewSecret(string name)
    {
        var random = RandomNumberGenerator.GetBytes(32);
        var urlSafe = Convert.ToBase64String(random).TrimEnd('=').Replace('+', '-').Replace('/', '_');
        return name switch
        {
            "api-key" => "oms_" + urlSafe,
            _ when name.EndsWith("-password", StringComparison.Ordinal) => Convert.ToHexStringLower(random),
            _ => Convert.ToBase64String(random),
        };
    }

    private static string? FindRoot(string start)
    {
        for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "OMS.sln")) || File.Exists(Path.Combine(folder.FullName, "global.json")))
                return folder.FullName;
        }

        return null;
    }
}
