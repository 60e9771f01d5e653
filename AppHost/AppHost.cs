// The whole system on one screen. Compiles unchanged against Aspire and against AppHost/Local (docs: README).
using Aspire.Hosting.ApplicationModel;

var builder = DistributedApplication.CreateBuilder(args);

var tokenKey = builder.AddParameter("service-token-key", secret: true);
var apiKey = builder.AddParameter("api-key", secret: true);

var postgres = builder.AddPostgres("postgres").WithDataVolume();
var messaging = builder.AddRabbitMQ("messaging");

var order = Service(builder.AddProject<Projects.Order>("order"), postgres.AddDatabase("orderdb"));
var inventory = Service(builder.AddProject<Projects.Inventory>("inventory"), postgres.AddDatabase("inventorydb"));
var routing = Service(builder.AddProject<Projects.Routing>("routing"), postgres.AddDatabase("routingdb"));
var shipping = Service(builder.AddProject<Projects.Shipping>("shipping"), postgres.AddDatabase("shippingdb"));
var returns = Service(builder.AddProject<Projects.Returns>("returns"), postgres.AddDatabase("returnsdb"));
var customer = Service(builder.AddProject<Projects.Customer>("customer"), postgres.AddDatabase("customerdb"));

// Asked only about what they have never heard of (docs/adr/0012); nobody waits for anybody at the start.
order.WithReference(inventory);
inventory.WithReference(routing);

var gatewayData = postgres.AddDatabase("gatewaydb");
builder.AddProject<Projects.Gateway>("gateway")
    .WithReference(gatewayData).WaitFor(gatewayData)
    .WithReference(order).WaitFor(order)
    .WithReference(inventory).WaitFor(inventory)
    .WithReference(routing).WaitFor(routing)
    .WithReference(shipping).WaitFor(shipping)
    .WithReference(returns).WaitFor(returns)
    .WithReference(customer).WaitFor(customer)
    .WithEnvironment("Oms__ServiceTokenKey", tokenKey)
    .WithEnvironment("Oms__ApiKey", apiKey)
    .WithExternalHttpEndpoints()
    .WithHttpHealthCheck("/health");

builder.Build().Run();

// Every service has its own database and shares the broker; none waits for another.
IResourceBuilder<ProjectResource> Service(IResourceBuilder<ProjectResource> project, IResourceBuilder<PostgresDatabaseResource> database) => project
    .WithReference(database).WaitFor(database)
    .WithReference(messaging).WaitFor(messaging)
    .WithEnvironment("Oms__ServiceTokenKey", tokenKey)
    .WithHttpHealthCheck("/health");
