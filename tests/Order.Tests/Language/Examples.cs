using System.Collections.Immutable;
using System.Reflection;
using Oms.Kernel;
using Oms.Orders.Domain;
using Oms.ServiceDefaults;

namespace Oms.Orders.Tests.Language;

/// <summary>A fact of each kind, with something in every member.</summary>
internal static class Examples
{
    public static IReadOnlyList<IOrderEvent> All { get; } = [.. Facts.Of<IOrderEvent>().Select(it => (IOrderEvent)Of(it))];

    public static object Of(Type type) => Value(type, "it");

    private static object Value(Type type, string name)
    {
        if (Nullable.GetUnderlyingType(type) is { } underlying)
            return Value(underlying, name);
        if (type == typeof(string))
            return name;
        if (type == typeof(Guid))
            return Ids.Derive("example", name);
        if (type == typeof(DateTimeOffset))
            return Given.Noon;
        if (type == typeof(decimal))
            return 12.34m;
        if (type == typeof(int))
            return 2;
        if (type == typeof(bool))
            return true;
        if (type == typeof(Address))
            return Given.Home;
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ImmutableArray<>))
            return typeof(Examples).GetMethod(nameof(One), BindingFlags.NonPublic | BindingFlags.Static)!.MakeGenericMethod(type.GenericTypeArguments[0]).Invoke(null, [name])!;
        var constructor = type.GetConstructors().Single(it => it.GetParameters().Length > 0);
        return constructor.Invoke([.. constructor.GetParameters().Select(it => Value(it.ParameterType, it.Name!))]);
    }

    private static ImmutableArray<T> One<T>(string name) => [(T)Value(typeof(T), name)];
}
