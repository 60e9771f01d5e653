namespace Oms.AppHost.Local;

/// <summary>Installs what is missing with Debian's or Ubuntu's package manager, when the launcher may.</summary>
internal static class Installer
{
    // While this file answers 101, packages do not start the services they bring.
    private const string StartPolicy = "/usr/sbin/policy-rc.d";

    public const string Advice = """
        PostgreSQL and RabbitMQ were found neither installed nor as Docker containers to be. Install one of:
          Debian, Ubuntu   sudo apt-get install postgresql rabbitmq-server
          Fedora           sudo dnf install postgresql-server rabbitmq-server
          macOS            brew install postgresql@17 rabbitmq
          Windows          Docker Desktop, or the Debian line inside WSL
          anywhere         Docker, started
        They need not run: the platform starts its own, on loopback, with its data in its own folder.
        """;

    public static bool IsPossible => OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess && Shell.Exists("apt-get");

    /// <param name="advice">What to say to whoever must do it by hand.</param>
    public static async Task Install(string[] packages, string advice, Action<string> say, CancellationToken token)
    {
        say($"Installing {string.Join(" and ", packages)} with apt-get (the system's own services are not started) …");
        var ownPolicy = !File.Exists(StartPolicy);
        if (ownPolicy)
            await ForbidStarting(token);
        try
        {
            // An index that is only partly reachable may still hold what is needed: the second command decides.
            await AptGet(["update", "-q"], token);
            var installed = await AptGet(["install", "-y", "-q", "--no-install-recommends", .. packages], token);
            if (!installed.Succeeded)
                throw new PlatformException($"apt-get could not install {string.Join(", ", packages)}:{Environment.NewLine}{installed.Errors}{Environment.NewLine}{advice}");
        }
        finally
        {
            if (ownPolicy)
                File.Delete(StartPolicy);
        }
    }

    private static async Task ForbidStarting(CancellationToken token)
    {
        await File.WriteAllTextAsync(StartPolicy, "#!/bin/sh\nexit 101\n", token);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(StartPolicy, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
    }

    private static Task<ShellResult> AptGet(string[] arguments, CancellationToken token)
    {
        var environment = new Dictionary<string, string> { ["DEBIAN_FRONTEND"] = "noninteractive", ["RUNLEVEL"] = "1" };
        return Shell.Run(new Command("apt-get", arguments) { Environment = environment }, TimeSpan.FromMinutes(10), token);
    }
}
