using System.Reflection;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Oms.Contracts;
using Oms.Kernel;

namespace Oms.Architecture.Tests;

/// <summary>What there is to look at: the assemblies as built, and the repository as written.</summary>
internal static class House
{
    public static readonly Assembly Kernel = typeof(Refusal).Assembly;
    public static readonly Assembly Contracts = typeof(CommandAttribute).Assembly;

    public static readonly string Root =
        typeof(House).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(it => it.Key == "Repository").Value!;

    /// <summary>Every service by the name of its project.</summary>
    public static readonly IReadOnlyDictionary<string, Assembly> Services = Projects("services/")
        .Select(it => Path.GetFileNameWithoutExtension(it)).Order(StringComparer.Ordinal).ToDictionary(it => it, Assembly.Load);

    public static TheoryData<string> ServiceNames => [.. Services.Keys];

    /// <summary>Every fact of every service: whatever carries the marker interface of some state.</summary>
    public static IReadOnlyList<Type> Events { get; } = [.. Services.Values.SelectMany(EventsOf).Distinct().OrderBy(it => it.FullName, StringComparer.Ordinal)];

    /// <summary>Projects under a folder, as paths from the root with forward slashes.</summary>
    public static IEnumerable<string> Projects(string folder = "") => Files("*.csproj").Where(it => it.StartsWith(folder, StringComparison.Ordinal));

    public static IEnumerable<string> Sources(params string[] folders) => Files("*.cs").Where(file => folders.Any(folder => file.StartsWith(folder, StringComparison.Ordinal)));

    public static string Read(string file) => File.ReadAllText(Path.Combine(Root, file));

    public static CompilationUnitSyntax Parse(string file) => CSharpSyntaxTree.ParseText(Read(file)).GetCompilationUnitRoot();

    private static IEnumerable<string> Files(string pattern) => Directory.EnumerateFiles(Root, pattern, new EnumerationOptions { RecurseSubdirectories = true })
        .Select(it => Path.GetRelativePath(Root, it).Replace('\\', '/'))
        .Where(it => !it.Split('/').Any(folder => folder is "obj" or "bin" or "artifacts"))
        .Order(StringComparer.Ordinal);

    private static IEnumerable<Type> EventsOf(Assembly service)
    {
        var markers = service.GetTypes().SelectMany(type => type.GetInterfaces())
            .Where(it => it.IsGenericType && it.GetGenericTypeDefinition() == typeof(IFold<,>) && !it.ContainsGenericParameters)
            .Select(it => it.GetGenericArguments()[1]).Distinct().ToList();
        return service.GetTypes().Where(type => !type.IsInterface && markers.Any(marker => type.IsAssignableTo(marker)));
    }
}
