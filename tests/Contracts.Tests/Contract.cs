using System.Collections;
using System.Reflection;
using System.Text.Json;
using MassTransit.Serialization;

namespace Oms.Contracts.Tests;

/// <summary>Everything that services tell each other, and where its samples are.</summary>
internal static class Contract
{
    /// <summary>As the bus reads and writes.</summary>
    public static readonly JsonSerializerOptions Json = new(SystemTextJsonMessageSerializer.Options) { WriteIndented = true };

    public static readonly string Folder = typeof(Contract).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(it => it.Key == "ProjectFolder").Value!;

    public static IReadOnlyList<Type> All { get; } = [.. typeof(CommandAttribute).Assembly.GetExportedTypes()
        .Where(type => !type.IsAssignableTo(typeof(Attribute))).OrderBy(type => type.FullName, StringComparer.Ordinal)];

    public static string SampleFile(string contract) => Path.Combine(Folder, "Samples", $"{contract}.json");

    /// <summary>One of the kind with every member filled.</summary>
    public static object Example(Type type) => Example(type, type.Name);

    private static object Example(Type type, string name) => Nullable.GetUnderlyingType(type) is { } inner ? Example(inner, name) : type switch
    {
        _ when type == typeof(string) => name.Contains("Currency", StringComparison.Ordinal) ? "USD" : $"a {name}",
        _ when type == typeof(Guid) => new Guid("01980000-0000-7000-8000-000000000001"),
        _ when type == typeof(int) => 3,
        _ when type == typeof(long) => 4_000_000_000L,
        _ when type == typeof(decimal) => 12.34m,
        _ when type == typeof(bool) => true,
        _ when type == typeof(DateTimeOffset) => new DateTimeOffset(2026, 1, 2, 3, 4, 5, 678, TimeSpan.Zero),
        _ when type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>) => List(type.GetGenericArguments()[0], name),
        _ when type.Assembly == typeof(CommandAttribute).Assembly => Record(type.GetConstructors().Single()),
        _ => throw new InvalidOperationException($"{type} does not belong in a contract: {name}."),
    };

    private static object Record(ConstructorInfo constructor) =>
        constructor.Invoke([.. constructor.GetParameters().Select(it => Example(it.ParameterType, it.Name!))]);

    private static IList List(Type item, string name)
    {
        var list = (IList)Activator.CreateInstance(typeof(List<>).MakeGenericType(item))!;
        list.Add(Example(item, name));
        return list;
    }
}
