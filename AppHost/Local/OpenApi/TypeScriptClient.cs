namespace Oms.AppHost.Local;

/// <summary>
/// Writes <c>clients/typescript</c> with the tools that its <c>package-lock.json</c> names. They are installed in <c>artifacts</c>, in a copy of the folder: nothing
/// is left beside the sources.
/// </summary>
internal static class TypeScriptClient
{
    private const string Advice = """
        The TypeScript client needs Node.js 18 or newer, with npm. Install them:
          Debian, Ubuntu   sudo apt-get install nodejs npm
          Fedora           sudo dnf install nodejs
          macOS            brew install node
          anywhere         nodejs.org
        """;
    private const string LockFile = "package-lock.json";
    private static readonly string[] Sources = ["*.json", "src/*.ts", "test/*.ts"];
    private static readonly TimeSpan InstallTime = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan ToolTime = TimeSpan.FromMinutes(2);

    public static string File => Path.Combine(Folder, "src", "schema.ts");

    private static string Folder => Path.Combine(DataFolder.RepositoryRoot(), "clients", "typescript");

    private static string Workshop => Path.Combine(DataFolder.RepositoryRoot(), "artifacts", "clients", "typescript");

    public static async Task<string> Write(string descriptionFile, Action<string> say, CancellationToken token)
    {
        using var place = await Prepare(say, token);
        await Node(["node_modules/openapi-typescript/bin/cli.js", descriptionFile, "--default-non-nullable=false", "--output", "written.ts"], token);
        return (await System.IO.File.ReadAllTextAsync(Path.Combine(Workshop, "written.ts"), token)).ReplaceLineEndings("\n");
    }

    /// <summary>Checks the types, and runs the client's own tests against a platform. What they say is returned; it throws when one fails.</summary>
    public static async Task<string> Test(Uri gateway, string apiKey, Action<string> say, CancellationToken token)
    {
        using var place = await Prepare(say, token);
        await Node(["node_modules/typescript/bin/tsc"], token);
        return await Node(["--test", "dist/test/"], token, new() { ["OMS_URL"] = gateway.AbsoluteUri, ["OMS_API_KEY"] = apiKey });
    }

    // One at a time, however many processes want it.
    private static async Task<IDisposable> Prepare(Action<string> say, CancellationToken token)
    {
        if (!Shell.Exists("node") || !Shell.Exists("npm"))
            await (Installer.IsPossible ? Installer.Install(["nodejs", "npm"], Advice, say, token) : throw new PlatformException(Advice));
        Directory.CreateDirectory(Workshop);
        FileStream? alone = null;
        await Wait.Until(() => (alone = Lock()) is not null, InstallTime, token);
        foreach (var source in Sources.SelectMany(pattern => Directory.GetFiles(Path.Combine(Folder, Path.GetDirectoryName(pattern)!), Path.GetFileName(pattern))))
        {
            var copy = Path.Combine(Workshop, Path.GetRelativePath(Folder, source));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            System.IO.File.Copy(source, copy, overwrite: true);
        }
        await Install(say, token);
        return alone ?? throw new PlatformException($"{Workshop} is in use.");
    }

    private static async Task Install(Action<string> say, CancellationToken token)
    {
        var (wanted, installed) = (Path.Combine(Workshop, LockFile), Path.Combine(Workshop, "installed"));
        var content = await System.IO.File.ReadAllTextAsync(wanted, token);
        if (System.IO.File.Exists(installed) && await System.IO.File.ReadAllTextAsync(installed, token) == content)
            return;
        say("Installing the tools of the TypeScript client …");
        await Run(new("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"]), InstallTime, token);
        await System.IO.File.WriteAllTextAsync(installed, content, token);
    }

    private static FileStream? Lock()
    {
        try
        {
            return new(Path.Combine(Workshop, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static Task<string> Node(string[] arguments, CancellationToken token, Dictionary<string, string>? environment = null) =>
        Run(new("node", arguments) { Environment = environment ?? [] }, ToolTime, token);

    private static async Task<string> Run(Command command, TimeSpan within, CancellationToken token)
    {
        var result = await Shell.Run(command with { Folder = Workshop }, within, token);
        return result.Succeeded
            ? result.Output
            : throw new PlatformException($"{command.File} {string.Join(' ', command.Arguments)} failed:{Environment.NewLine}{result.Output}{result.Errors}");
    }
}
