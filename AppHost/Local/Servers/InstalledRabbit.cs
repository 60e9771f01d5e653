namespace Oms.AppHost.Local;

/// <summary>The machine's own RabbitMQ as a private node: own data, cookie and port mapper, and nothing listens beyond loopback.</summary>
internal sealed class InstalledRabbit
{
    private const string LoopbackOnly = "-kernel inet_dist_use_interface {127,0,0,1}";

    // Erlang's schedulers spin before they sleep, which on a machine that everything shares is time taken from the others.
    private const string WithoutSpinning = "+sbwt none +sbwtdcpu none +sbwtdio none";

    private readonly ServerContext context;
    private readonly string server;
    private readonly string home;
    private readonly Dictionary<string, string> identity;

    public InstalledRabbit(ServerContext context, string server, int mapperPort)
    {
        this.context = context;
        this.server = server;
        home = HomeIn(context.Folder);
        DataFolder.CreatePrivate(home);
        identity = new()
        {
            ["HOME"] = home,
            ["RABBITMQ_NODENAME"] = NodeName(),
            ["RABBITMQ_CONF_ENV_FILE"] = Path.Combine(home, "rabbitmq-env.conf"), // not there: the system's must not be read
            ["ERL_EPMD_ADDRESS"] = "127.0.0.1",
            ["ERL_EPMD_PORT"] = $"{mapperPort}",
        };
    }

    public static string HomeIn(DataFolder folder) => Path.Combine(folder.FullPath, "rabbitmq");

    /// <summary>Erlang's port mapper, as our own child and not as the daemon that the first node on a machine leaves behind.</summary>
    public static ProcessPlan? PlanMapper(ServerContext context)
    {
        var erlangFolders = new[] { "/usr/lib/erlang", "/usr/local/lib/erlang", "/opt/homebrew/lib/erlang", "/opt/homebrew/opt/erlang/lib/erlang" };
        var epmd = Shell.Find("epmd", erlangFolders.Where(Directory.Exists).SelectMany(root =>
            (string[])[Path.Combine(root, "bin"), .. Directory.EnumerateDirectories(root, "erts-*").Select(runtime => Path.Combine(runtime, "bin"))]));
        return epmd is null ? null : new("epmd", new Command(epmd, ["-address", "127.0.0.1", "-port", $"{context.Port}"]))
        {
            IsReady = token => Epmd.Answers(context.Port, token),
            LogFile = context.Folder.Log("epmd"),
            DeathSignal = context.DeathSignal(Signal.Kill),
        };
    }

    public ProcessPlan Plan()
    {
        var configuration = Path.Combine(home, "rabbitmq.conf");
        DataFolder.WritePrivate(configuration, $"""
            default_user = {context.User}
            default_pass = {context.Password}
            disk_free_limit.absolute = 50MB

            """);
        var environment = new Dictionary<string, string>(identity)
        {
            ["RABBITMQ_NODE_IP_ADDRESS"] = "127.0.0.1",
            ["RABBITMQ_NODE_PORT"] = $"{context.Port}",
            ["RABBITMQ_DIST_PORT"] = $"{Ports.Free()}",
            ["RABBITMQ_MNESIA_BASE"] = Path.Combine(home, "mnesia"),
            ["RABBITMQ_LOG_BASE"] = Path.Combine(context.Folder.Logs, "rabbitmq"),
            ["RABBITMQ_PID_FILE"] = PidFile(context.Folder),
            ["RABBITMQ_CONFIG_FILE"] = configuration,
            ["RABBITMQ_ENABLED_PLUGINS_FILE"] = Path.Combine(home, "enabled_plugins"),
            ["RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS"] = $"{LoopbackOnly} {WithoutSpinning}",
            ["RABBITMQ_SERVER_START_ARGS"] = "+B i",
            // Makes the script replace itself by the server, which then is our child and gets our signals.
            ["RUNNING_UNDER_SYSTEMD"] = "true",
        };
        return new("rabbitmq", new Command(server, []) { Environment = environment })
        {
            IsReady = token => AmqpProbe.Answers(context.Port, token),
            LogFile = context.Folder.Log("rabbitmq"),
            DeathSignal = context.DeathSignal(Signal.Terminate),
        };
    }

    /// <summary>rabbitmqctl finds the node by the same name, cookie and port mapper.</summary>
    public Command Control(params string[] arguments) =>
        new(Path.Combine(Path.GetDirectoryName(server)!, "rabbitmqctl"), arguments)
        {
            Environment = new Dictionary<string, string>(identity) { ["RABBITMQ_CTL_ERL_ARGS"] = LoopbackOnly },
        };

    /// <summary>The node, if one runs on this very folder.</summary>
    public static int RunningPid(DataFolder folder)
    {
        var file = PidFile(folder);
        if (!File.Exists(file) || !int.TryParse(File.ReadAllText(file).Trim(), out var pid))
            return 0;
        return ProcessIdentity.CommandLine(pid).Contains($"-home {HomeIn(folder)} ", StringComparison.Ordinal) ? pid : 0;
    }

    private static string PidFile(DataFolder folder) => Path.Combine(HomeIn(folder), "rabbitmq.pid");

    /// <summary>The node's data bear its name, so it stays the same even when the folder is moved.</summary>
    private string NodeName()
    {
        var file = Path.Combine(home, "node");
        if (!File.Exists(file))
            File.WriteAllText(file, $"oms-{context.Folder.Id}@localhost");
        return File.ReadAllText(file).Trim();
    }
}
