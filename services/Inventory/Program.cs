using Oms.Inventory;
using Oms.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddInventoryService();

var app = builder.Build();
app.UseServiceDefaults();
app.MapInventoryService();
return await app.RunServiceAsync(args);
