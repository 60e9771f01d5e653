using Oms.Routing;
using Oms.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddRoutingService();

var app = builder.Build();
app.UseServiceDefaults();
app.MapRoutingService();
return await app.RunServiceAsync(args);
