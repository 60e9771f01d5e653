using Oms.Returns;
using Oms.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddReturnsService();

var app = builder.Build();
app.UseServiceDefaults();
app.MapReturnsService();
return await app.RunServiceAsync(args);
