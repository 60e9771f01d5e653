using Oms.Orders;
using Oms.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddOrderService();

var app = builder.Build();
app.UseServiceDefaults();
app.MapOrderService();
return await app.RunServiceAsync(args);
