namespace Oms.AppHost.Local;

/// <summary>
/// The servers as containers, bound to loopback, with names and volumes of this data folder only. The docker client is the
/// child that is supervised: it hands signals on, and the container goes with it.
/// </summary>
internal static class Docker
{
    private const string PostgresImage = "postgres:17";
    private const string RabbitImage = "rabbitmq:4";

    public static async Task<bool> Answers(CancellationToken token) =>
        (await Shell.Run(new Command("docker", ["info", "--format", "{{.ServerVersion}}"]), TimeSpan.FromSeconds(5), token)).Succeeded;

    public static ProcessPlan Postgres(ServerContext context, Action<string> say) =>
        Container(context, "postgres", PostgresImage, say) with
        {
            Command = new Command("docker",
            [
                .. Run(context, "postgres", "5432", "/var/lib/postgresql/data"), "--shm-size=512m",
                "-e", $"POSTGRES_USER={context.User}", "-e", "POSTGRES_PASSWORD", PostgresImage, .. PostgresSettings.AsArguments(),
            ]) { Environment = new Dictionary<string, string> { ["POSTGRES_PASSWORD"] = context.Password } },
            IsReady = token => PostgresDatabases.Answers(context, token),
            StopSignal = Signal.Interrupt,
            DeathSignal = context.DeathSignal(Signal.Interrupt),
        };

    public static ProcessPlan Rabbit(ServerContext context, Action<string> say) =>
        Container(context, "rabbitmq", RabbitImage, say) with
        {
            // The node's data bear the host's name, which must therefore stay the same.
            Command = new Command("docker",
            [
                .. Run(context, "rabbitmq", "5672", "/var/lib/rabbitmq"), "--hostname", "oms",
                "-e", $"RABBITMQ_DEFAULT_USER={context.User}", "-e", "RABBITMQ_DEFAULT_PASS", RabbitImage,
            ]) { Environment = new Dictionary<string, string> { ["RABBITMQ_DEFAULT_PASS"] = context.Password } },
            IsReady = token => AmqpProbe.Answers(context.Port, token),
        };

    public static Command RabbitControl(DataFolder folder, params string[] arguments) =>
        new("docker", ["exec", Name(folder, "rabbitmq"), "rabbitmqctl", .. arguments]);

    public static Task Remove(DataFolder folder, string server) =>
        Shell.Run(new Command("docker", ["rm", "-f", Name(folder, server)]), TimeSpan.FromSeconds(10));

    public static Task RemoveData(DataFolder folder) =>
        Shell.Run(new Command("docker", ["volume", "rm", "-f", Name(folder, "postgres"), Name(folder, "rabbitmq")]), TimeSpan.FromSeconds(10));

    private static ProcessPlan Container(ServerContext context, string server, string image, Action<string> say) =>
        new(server, new Command("docker", []))
        {
            IsReady = _ => Task.FromResult(false),
            LogFile = context.Folder.Log(server),
            DeathSignal = context.DeathSignal(Signal.Terminate),
            BeforeStart = async token =>
            {
                await Remove(context.Folder, server);
                await Pull(image, say, token);
            },
            AfterStop = () => Remove(context.Folder, server),
        };

    private static async Task Pull(string image, Action<string> say, CancellationToken token)
    {
        if ((await Shell.Run(new Command("docker", ["image", "inspect", image]), TimeSpan.FromSeconds(10), token)).Succeeded)
            return;
        say($"Pulling {image} (once) …");
        var pulled = await Shell.Run(new Command("docker", ["pull", "-q", image]), TimeSpan.FromMinutes(15), token);
        if (!pulled.Succeeded)
            throw new PlatformException($"docker could not pull {image}: {pulled.Errors}");
    }

    private static string[] Run(ServerContext context, string server, string port, string data) =>
        ["run", "--rm", "--name", Name(context.Folder, server), "-p", $"127.0.0.1:{context.Port}:{port}", "-v", $"{Name(context.Folder, server)}:{data}"];

    private static string Name(DataFolder folder, string server) => $"oms-{folder.Id}-{server}";
}
