using Aspire.Hosting.ApplicationModel;

namespace Oms.AppHost.Local;

/// <summary>What the person at the keyboard asked for.</summary>
public sealed record LauncherOptions
{
    public const string HelpText = """
        Runs the whole platform on this machine: PostgreSQL, RabbitMQ, the services and the gateway.

          dotnet run --project AppHost [-- options]
          dotnet run --project AppHost -- redrive [QUEUE]
          dotnet run --project AppHost -- backup FOLDER
          dotnet run --project AppHost -- restore FOLDER [options]

          --replicas order=2[,inventory=2]   several processes of a service, each on its own port
          --quiet                            no service logs on the console (they are always in the data folder)
          --sample [FILE]                    once everything is healthy, send the orders of FILE (default: the sample data),
                                             then stop; the exit code says whether all went well
          verify                             compare everything with everything in the running platform, or in one started for it on the
                                             existing data; the exit code says whether all of it adds up
          openapi [FILE] [--breaking]        write the description of the API, OpenAPI 3.1, to FILE (default: docs/openapi.json), from the running
                                             platform or one started for it; not if that breaks whoever relies on what is in FILE, unless told so;
                                             with docs/openapi.json the clients are written, too
          --report FILE                      with --sample or verify: write the outcome as JSON
          --help                             this text

          redrive [QUEUE]                    brings the messages that no consumer could handle, and that lie in <queue>_error, back to where they
                                             failed, all or those of QUEUE, for when the cause is gone; the platform of the data folder must be
                                             running. Nothing is lost by it; what fails again lies there again
          backup FOLDER                      copies all databases as they are at one moment, and the secrets, into a new FOLDER, while the
                                             platform of the data folder runs and works
          restore FOLDER                     puts the data of such a copy into a data folder that has none, starts the platform, has everything
                                             told once more that had happened shortly before, and compares everything with everything; exit
                                             code 1 when it does not add up, else the platform goes on running

        Environment: OMS_PORT  the gateway's port (default 8080)
                     OMS_HOME  the data folder (default .oms in the repository); another one runs another platform beside this
                     NO_COLOR  no colors
        It is made for one machine and says so: it is not Aspire, which runs the same AppHost.cs where it is installed.
        """;

    public IReadOnlyDictionary<string, int> Replicas { get; init; } = new Dictionary<string, int>();

    public bool Quiet { get; init; }

    public bool Help { get; init; }

    public bool Sample { get; init; }

    /// <summary>Whether everything adds up is asked, and nothing else.</summary>
    public bool Verify { get; init; }

    /// <summary>The API is described, and nothing else.</summary>
    public bool OpenApi { get; init; }

    /// <summary>Null for the copy in the repository.</summary>
    public string? OpenApiFile { get; init; }

    /// <summary>The description is written even if it breaks somebody.</summary>
    public bool Breaking { get; init; }

    /// <summary>Null for the sample data of the repository.</summary>
    public string? SampleFile { get; init; }

    public string? ReportFile { get; init; }

    /// <summary>Nothing is started: failed messages of the platform that runs are tried again.</summary>
    public bool Redrive { get; init; }

    /// <summary>Null for all queues.</summary>
    public string? RedriveQueue { get; init; }

    /// <summary>Nothing is started: the data of the platform that runs are copied to here.</summary>
    public string? BackupTo { get; init; }

    /// <summary>The platform is started on the data that were copied to here.</summary>
    public string? RestoreFrom { get; init; }

    /// <summary>Throws <see cref="UsageException"/> for what it does not understand.</summary>
    public static LauncherOptions Parse(IReadOnlyList<string> args, IReadOnlyList<ProjectResource> services)
    {
        var options = new LauncherOptions();
        for (var i = 0; i < args.Count; i++)
        {
            options = args[i] switch
            {
                "--help" or "-h" => options with { Help = true },
                "--quiet" => options with { Quiet = true },
                "--sample" => options with { Sample = true, SampleFile = HasValue(i) ? args[++i] : null },
                "verify" => options with { Verify = true },
                "openapi" when i == 0 => options with { OpenApi = true, OpenApiFile = HasValue(i) ? args[++i] : null },
                "--breaking" => options with { Breaking = true },
                "redrive" when i == 0 => options with { Redrive = true, RedriveQueue = HasValue(i) ? args[++i] : null },
                "backup" when i == 0 => options with { BackupTo = HasValue(i) ? args[++i] : throw new UsageException("backup needs a folder.") },
                "restore" when i == 0 => options with { RestoreFrom = HasValue(i) ? args[++i] : throw new UsageException("restore needs a folder.") },
                "--report" => options with { ReportFile = HasValue(i) ? args[++i] : throw new UsageException("--report needs a file.") },
                "--replicas" => options with { Replicas = HasValue(i) ? ParseReplicas(args[++i], services) : throw new UsageException("--replicas needs service=number.") },
                var unknown => throw new UsageException($"Unknown option '{unknown}'."),
            };
        }

        return options switch
        {
            { Verify: true, Sample: true } => throw new UsageException("verify comes after --sample, not with it."),
            { OpenApi: true, Sample: true } or { OpenApi: true, Verify: true } => throw new UsageException("openapi comes alone."),
            { BackupTo: not null } when args.Count > 2 => throw new UsageException("backup comes alone."),
            { RestoreFrom: not null, Sample: true } or { RestoreFrom: not null, Verify: true } => throw new UsageException("restore compares by itself; --sample comes after it."),
            { Breaking: true, OpenApi: false } => throw new UsageException("--breaking goes with openapi."),
            { ReportFile: not null, Sample: false, Verify: false } => throw new UsageException("--report goes with --sample or verify."),
            _ => options,
        };

        bool HasValue(int at) => at + 1 < args.Count && !args[at + 1].StartsWith("--", StringComparison.Ordinal);
    }

    private static Dictionary<string, int> ParseReplicas(string text, IReadOnlyList<ProjectResource> services)
    {
        var replicas = new Dictionary<string, int>();
        foreach (var part in text.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            if (part.Split('=') is not [var name, var number] || !int.TryParse(number, out var count) || count is < 1 or > 20)
                throw new UsageException($"'{part}' is not service=number, with a number from 1 to 20.");
            var service = services.FirstOrDefault(known => known.Name == name)
                ?? throw new UsageException($"There is no service '{name}'; there are {string.Join(", ", services.Select(known => known.Name))}.");
            if (service.IsExternal && count > 1)
                throw new UsageException($"'{name}' listens on the one port that callers know; it cannot run twice.");
            replicas[name] = count;
        }

        return replicas;
    }
}

public sealed class UsageException(string message) : Exception(message);
