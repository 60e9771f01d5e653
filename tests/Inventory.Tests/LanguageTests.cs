using Oms.Inventory.Domain;
using Oms.ServiceDefaults;

namespace Oms.Inventory.Tests;

public sealed class LanguageTests
{
    [Fact]
    public void stored_names_of_facts_never_change()
    {
        var names = new[] { typeof(IItemEvent), typeof(IInventoryLevelEvent), typeof(IReservationEvent), typeof(IBackorderEvent), typeof(IReturnRestockEvent) }
            .SelectMany(marker => marker.Assembly.GetTypes().Where(type => type is { IsAbstract: false } && type.IsAssignableTo(marker)))
            .Select(Facts.StoredName).Order(StringComparer.Ordinal);
        // A stored name is data: new ones are added, none is ever changed or removed.
        names.ShouldBe(File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "stored-event-names.txt")));
    }

    [Fact]
    public void every_fact_is_sealed() => typeof(IItemEvent).Assembly.GetTypes()
        .Where(type => type is { IsInterface: false } && type.IsAssignableTo(typeof(IInventoryLevelEvent))).ShouldAllBe(type => type.IsSealed);
}
