// "launch …" is an app host of two stand-in services; "share" is a test process that uses the shared servers until its input
// ends; without arguments it is such a service.
using Aspire.Hosting;
using Oms.AppHost.Local;

if (args is ["launch", ..])
{
    var platform = DistributedApplication.CreateBuilder(args[1..]);
    var key = platform.AddParameter("api-key", secret: true);
    var messaging = platform.AddRabbitMQ("messaging");
    var database = platform.AddPostgres("postgres").AddDatabase("workdb");
    var worker = platform.AddProject<Projects.StandIn>("worker")
        .WithReference(database).WaitFor(database)
        .WithReference(messaging).WaitFor(messaging)
        .WithHttpHealthCheck("/health");
    platform.AddProject<Projects.StandIn>("gateway")
        .WithReference(worker).WaitFor(worker)
        .WithEnvironment("Oms__ApiKey", key)
        .WithExternalHttpEndpoints()
        .WithHttpHealthCheck("/health");
    platform.Build().Run();
    return;
}

if (args is ["share"])
{
    // Not disposed of, as a test run does that ends early.
    var servers = await SharedServers.Acquire(rabbit: true);
    await Console.Out.WriteLineAsync(servers.PostgresConnectionString("postgres"));
    await Console.In.ReadLineAsync();
    return;
}

var app = WebApplication.CreateBuilder(args).Build();
app.MapGet("/health", () => "healthy");
app.MapGet("/environment/{name}", (string name) => Environment.GetEnvironmentVariable(name) ?? "");
await app.RunAsync();

namespace Projects
{
    internal sealed class StandIn : IProjectMetadata
    {
        public string ProjectPath => "StandIn.csproj";
    }
}
