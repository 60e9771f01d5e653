using Oms.Customers;
using Oms.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddCustomerService();

var app = builder.Build();
app.UseServiceDefaults();
app.MapCustomerService();
return await app.RunServiceAsync(args);
