using Aspire.Hosting.ApplicationModel;

namespace Oms.AppHost.Local;

/// <summary>Where things are and what they are called, known before anything starts.</summary>
internal sealed record PlatformAddresses(
    Func<IResourceWithConnectionString, string> ConnectionString,
    Func<string, IReadOnlyList<Uri>> Service,
    Func<string, string> Parameter);

/// <summary>The environment of one process of a service, in the words that Aspire uses.</summary>
internal static class ServiceEnvironment
{
    public static Dictionary<string, string> Of(
        ProjectResource project, Uri ownAddress, string instanceId, PlatformAddresses addresses, Func<string, string?> inherited)
    {
        var environment = new Dictionary<string, string>
        {
            ["ASPNETCORE_URLS"] = ownAddress.GetLeftPart(UriPartial.Authority),
            ["DOTNET_ENVIRONMENT"] = inherited("DOTNET_ENVIRONMENT") ?? "Development",
            ["ASPNETCORE_ENVIRONMENT"] = inherited("ASPNETCORE_ENVIRONMENT") ?? inherited("DOTNET_ENVIRONMENT") ?? "Development",
            ["DOTNET_TieredPGO"] = "0",
            // Threads that find no work sleep at once: eight processes share these cores, and one that spins takes time from the others.
            ["DOTNET_ThreadPool_UnfairSemaphoreSpinLimit"] = "0",
            // Compiled code is mapped once and not twice: some 40 MB less for each of them. A deployment keeps the default, which hardens it.
            ["DOTNET_EnableWriteXorExecute"] = "0",
            // What is stopped here is stopped for good, or comes back at the same place: there is no other whom its callers could go to meanwhile.
            ["Oms__DrainSeconds"] = "0",
            ["OTEL_SERVICE_NAME"] = project.Name,
            ["OTEL_RESOURCE_ATTRIBUTES"] = string.Join(',', Given(inherited("OTEL_RESOURCE_ATTRIBUTES")).Append($"service.instance.id={instanceId}")),
            // One log entry is one line, without color codes: the launcher puts the name and the color in front.
            ["NO_COLOR"] = "1",
            ["Logging__Console__FormatterName"] = "simple",
            ["Logging__Console__FormatterOptions__ColorBehavior"] = "Disabled",
            ["Logging__Console__FormatterOptions__SingleLine"] = "true",
        };
        foreach (var (source, name) in project.Connections)
            environment[$"ConnectionStrings__{name}"] = addresses.ConnectionString(source);
        foreach (var service in project.Services)
        {
            foreach (var (index, address) in addresses.Service(service.Name).Index())
                environment[$"services__{service.Name}__http__{index}"] = address.GetLeftPart(UriPartial.Authority);
        }

        foreach (var (name, text, parameter) in project.Environment)
            environment[name] = parameter is null ? text ?? "" : addresses.Parameter(parameter.Name);
        return environment;
    }

    private static string[] Given(string? attributes) => string.IsNullOrEmpty(attributes) ? [] : [attributes];
}
