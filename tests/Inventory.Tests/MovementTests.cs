using Oms.Inventory.Domain;
using Oms.Inventory.Features;
using static Oms.Inventory.Tests.Ask;

namespace Oms.Inventory.Tests;

public sealed class MovementTests
{
    private readonly MemoryStock stock = new("MUG", "PLATE");

    [Fact]
    public void a_receipt_is_available_at_once() => stock.Decide(Receive("MUG", 5)).ShouldBe(
        [new StockReceived("MUG", "nyc", new(5, 5), new(5, 5), "received", "ASN-1", MemoryStock.Noon)]);

    [Fact]
    public void lines_of_one_sku_are_one_movement()
    {
        stock.Decide(Receive("MUG", 5));
        stock.Decide(Adjust(("MUG", StockState.Available, -6), ("MUG", StockState.Damaged, 2), ("MUG", StockState.Available, 3))).ShouldHaveSingleItem()
            .ShouldBeOfType<StockAdjusted>().After.ShouldBe(new(4, 2, Damaged: 2));
    }

    [Fact]
    public void a_movement_that_changes_nothing_is_none()
    {
        stock.Decide(Receive("MUG", 5));
        stock.Decide(Adjust(("MUG", StockState.Available, 1), ("MUG", StockState.Available, -1))).ShouldBeEmpty();
        stock.Decide(Set("MUG", 5)).ShouldBeEmpty();
        stock.Decide(Set("PLATE", 0)).ShouldBeEmpty();
    }

    [Fact]
    public void nothing_falls_below_zero()
    {
        stock.Decide(Receive("MUG", 5));
        stock.Refused(Adjust("MUG", -6)).Code.ShouldBe("insufficient-stock");
        stock.Refused(Adjust("PLATE", -1)).Code.ShouldBe("insufficient-stock");
        stock.Refused(Move("MUG", StockState.Damaged, StockState.Available, 1)).Code.ShouldBe("insufficient-stock");
        stock.Refused(Adjust(("MUG", StockState.Available, 1), ("PLATE", StockState.Incoming, -1))).Code.ShouldBe("insufficient-stock");
    }

    [Fact]
    public void what_orders_hold_cannot_be_adjusted_away()
    {
        stock.Decide(Receive("MUG", 5));
        stock.Decide(Reserve(1, ("MUG", 4)));
        stock.Refused(Adjust("MUG", -2)).Detail.ShouldContain("MUG has 1 available, which would become -1");
        stock.Decide(Set("MUG", 0)).ShouldHaveSingleItem().ShouldBeOfType<StockCounted>().After.ShouldBe(new(4, 0, 4));
    }

    [Fact]
    public void a_set_that_compared_something_else_sets_nothing()
    {
        stock.Decide(Receive("MUG", 5));
        stock.Refused(Set("MUG", 9, compare: 4)).Code.ShouldBe("compare-mismatch");
        stock.Refused(Set("PLATE", 9, compare: 1)).Code.ShouldBe("compare-mismatch");
        stock.Decide(Set("MUG", 9, compare: 5)).Count.ShouldBe(1);
    }

    [Fact]
    public void an_unregistered_sku_is_refused_before_anything_else()
    {
        stock.Refused(Receive("MUGG", 1)).Code.ShouldBe("unknown-sku");
        stock.Refused(Set("MUGG", 1, compare: 3)).Code.ShouldBe("unknown-sku");
        stock.Refused(Adjust(("NO-1", StockState.Available, 1), ("MUG", StockState.Available, 1), ("NO-2", StockState.Available, 1))).Detail.ShouldContain("NO-1, NO-2");
    }

    [Fact]
    public void a_level_has_a_limit()
    {
        stock.Decide(Set("MUG", StockCounts.Max));
        stock.Refused(Receive("MUG", 1)).Code.ShouldBe("level-too-large");
        stock.Decide(Adjust("MUG", StockCounts.Max, StockState.Incoming));
        stock.Refused(Adjust("MUG", 1, StockState.Incoming)).Code.ShouldBe("level-too-large");
    }

    [Fact]
    public void incoming_pieces_are_not_on_hand_until_they_arrive()
    {
        stock.Decide(Adjust("MUG", 7, StockState.Incoming));
        stock.Level("MUG")!.Counts.ShouldBe(new(0, Incoming: 7));
        stock.Decide(Move("MUG", StockState.Incoming, StockState.Available, 3)).ShouldHaveSingleItem().ShouldBeOfType<StockMoved>().After
            .ShouldBe(new(3, 3, Incoming: 4));
    }

    [Fact]
    public void counts_that_do_not_add_up_are_never_stored()
    {
        var wrong = new StockReceived("MUG", "nyc", new(5, 4), new(5, 4), "received", null, MemoryStock.Noon);
        Should.Throw<InvalidOperationException>(() => InventoryLevel.After(null, wrong));
        Should.Throw<InvalidOperationException>(() => InventoryLevel.After(null, wrong with { Changes = new(-1, -1) }));
    }

    [Fact]
    public void every_state_has_a_word()
    {
        foreach (var state in Enum.GetValues<StockState>())
            StockWords.State(state.Word()).ShouldBe(state);
        StockWords.State("on_hand").ShouldBeNull();
        StockWords.State(null).ShouldBeNull();
    }
}

public sealed class RegisterItemTests
{
    private static readonly ItemDetails Mug = new("Mug", null, 350, null, null, null, null, "PT");

    private static RegisterItem Register(ItemDetails details) => new("MUG", details, MemoryStock.Noon);

    [Fact]
    public void registers_and_revises() => Testing.Scenario<Item, IItemEvent>.Given()
        .When(item => RegisterItemSlice.Decide(Register(Mug), item)).Then(new ItemRegistered("MUG", Mug, MemoryStock.Noon))!
        .Details.ShouldBe(Mug);

    [Fact]
    public void says_anew_what_is_known() => Testing.Scenario<Item, IItemEvent>.Given(new ItemRegistered("MUG", Mug, MemoryStock.Noon))
        .When(item => RegisterItemSlice.Decide(Register(Mug with { WeightGrams = 360 }), item))
        .Then(new ItemRevised("MUG", Mug with { WeightGrams = 360 }, MemoryStock.Noon));

    [Fact]
    public void repeated_changes_nothing() => Testing.Scenario<Item, IItemEvent>.Given(new ItemRegistered("MUG", Mug, MemoryStock.Noon))
        .When(item => RegisterItemSlice.Decide(Register(Mug with { }), item)).NothingHappened();
}
