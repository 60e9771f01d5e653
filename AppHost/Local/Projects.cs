// Named as Aspire generates them from the app host's project references.
using Aspire.Hosting;

namespace Projects;

public sealed class Order : IProjectMetadata { public string ProjectPath => "../services/Order/Order.csproj"; }

public sealed class Inventory : IProjectMetadata { public string ProjectPath => "../services/Inventory/Inventory.csproj"; }

public sealed class Routing : IProjectMetadata { public string ProjectPath => "../services/Routing/Routing.csproj"; }

public sealed class Shipping : IProjectMetadata { public string ProjectPath => "../services/Shipping/Shipping.csproj"; }

public sealed class Returns : IProjectMetadata { public string ProjectPath => "../services/Returns/Returns.csproj"; }

public sealed class Customer : IProjectMetadata { public string ProjectPath => "../services/Customer/Customer.csproj"; }

public sealed class Gateway : IProjectMetadata { public string ProjectPath => "../gateway/Gateway.csproj"; }
