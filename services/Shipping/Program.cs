using Oms.Shipping;
using Oms.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddShippingService();

var app = builder.Build();
app.UseServiceDefaults();
app.MapShippingService();
return await app.RunServiceAsync(args);
