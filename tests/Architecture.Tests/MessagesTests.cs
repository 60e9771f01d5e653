using System.Reflection;
using System.Runtime.CompilerServices;
using MassTransit;
using Microsoft.AspNetCore.Builder;
using Oms.Contracts;
using Oms.ServiceDefaults;

namespace Oms.Architecture.Tests;

public sealed class MessagesTests
{
    private static readonly Type[] Primitives = [typeof(string), typeof(Guid), typeof(int), typeof(long), typeof(decimal), typeof(bool), typeof(DateTimeOffset)];

    private static readonly IReadOnlyList<Type> AllContracts =
        [.. House.Contracts.GetExportedTypes().Where(it => !it.IsAssignableTo(typeof(Attribute)))];

    public static TheoryData<string> Services => House.ServiceNames;

    public static TheoryData<string> Contracts => [.. AllContracts.Select(it => it.FullName!)];

    public static TheoryData<string> Events => [.. House.Events.Select(it => it.AssemblyQualifiedName!.Split(", Version").First())];

    [Theory]
    [MemberData(nameof(Events))]
    public void a_fact_is_a_sealed_record_that_never_changes(string fact) => ShouldBeASealedImmutableRecord(Type.GetType(fact, throwOnError: true)!);

    [Theory]
    [MemberData(nameof(Contracts))]
    public void a_contract_is_a_sealed_record_of_primitives(string contract)
    {
        var type = House.Contracts.GetType(contract, throwOnError: true)!;
        ShouldBeASealedImmutableRecord(type);
        foreach (var member in type.GetProperties())
            BelongsInAContract(member.PropertyType).ShouldBeTrue($"{contract}.{member.Name} is a {member.PropertyType}.");
    }

    [Theory]
    [MemberData(nameof(Contracts))]
    public void a_contract_has_no_behavior(string contract) => House.Contracts.GetType(contract)!
        .GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly)
        .Where(it => !it.IsSpecialName && it.GetCustomAttribute<CompilerGeneratedAttribute>() is null && it.Name is not "Deconstruct")
        .Select(it => it.Name).ShouldBeEmpty();

    [Theory]
    [MemberData(nameof(Services))]
    public void every_consumer_is_in_its_services_list(string service)
    {
        var registered = Registrations(House.Services[service]);

        Consumers(House.Services[service]).Except(registered).Select(it => it.FullName).ShouldBeEmpty("Add them to a queue in the service's list.");
    }

    [Fact]
    public void every_command_is_received_by_one_service()
    {
        var receivers = House.Services.SelectMany(service => Consumers(service.Value)
                .SelectMany(it => it.GetInterfaces()).Where(it => it.IsGenericType && it.GetGenericTypeDefinition() == typeof(IConsumer<>))
                .Select(it => (Command: it.GetGenericArguments()[0], service.Key)).Distinct())
            .ToLookup(it => it.Command, it => it.Key);

        foreach (var command in AllContracts.Where(it => it.IsDefined(typeof(CommandAttribute), inherit: false)))
            receivers[command].Count().ShouldBe(1, $"{command.FullName} is received by {string.Join(", ", receivers[command])}.");
    }

    private static IEnumerable<Type> Consumers(Assembly service) => service.GetTypes().Where(it =>
        it is { IsAbstract: false, ContainsGenericParameters: false } && it.IsAssignableTo(typeof(IConsumer)) && !it.IsAssignableTo(typeof(ISaga)));

    /// <summary>What the service registers when it is put together as its Program does, without being started.</summary>
    private static HashSet<Type> Registrations(Assembly service)
    {
        var builder = WebApplication.CreateBuilder(
        [
            $"--ConnectionStrings:{service.GetName().Name!.ToLowerInvariant()}db=Host=nowhere",
            "--ConnectionStrings:messaging=loopback://localhost/",
            $"--Oms:ServiceTokenKey={Convert.ToBase64String(new byte[32])}",
        ]);
        builder.AddServiceDefaults();
        var add = service.GetExportedTypes().SelectMany(it => it.GetMethods(BindingFlags.Public | BindingFlags.Static))
            .Single(it => it.Name.StartsWith("Add", StringComparison.Ordinal) && it.GetParameters() is [{ ParameterType: var first }] && first == typeof(WebApplicationBuilder));
        add.Invoke(null, [builder]);
        return [.. builder.Services.Where(it => !it.IsKeyedService).SelectMany(it => new[] { it.ServiceType, it.ImplementationType }).OfType<Type>()];
    }

    private static void ShouldBeASealedImmutableRecord(Type type)
    {
        type.IsSealed.ShouldBeTrue();
        type.GetMethod("<Clone>$").ShouldNotBeNull("It is not a record class.");
        type.GetFields(BindingFlags.Public | BindingFlags.Instance).ShouldBeEmpty();
        type.GetProperties().Where(it => it.SetMethod is { } set && !set.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit)))
            .Select(it => it.Name).ShouldBeEmpty("These can be set later.");
    }

    private static bool BelongsInAContract(Type type) =>
        Nullable.GetUnderlyingType(type) is { } inner ? BelongsInAContract(inner)
        : type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>) ? BelongsInAContract(type.GetGenericArguments()[0])
        : Primitives.Contains(type) || type.Assembly == House.Contracts;
}
