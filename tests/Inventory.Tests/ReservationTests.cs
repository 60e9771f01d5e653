using Oms.Inventory.Domain;
using Oms.Inventory.Features;
using static Oms.Inventory.Tests.Ask;

namespace Oms.Inventory.Tests;

public sealed class ReserveStockTests
{
    private readonly MemoryStock stock = new("MUG", "PLATE");

    [Fact]
    public void commits_what_is_available()
    {
        stock.Decide(Receive("MUG", 5));
        var facts = stock.Decide(Reserve(1, ("MUG", 3)));
        facts[0].ShouldBe(new StockCommitted(
            "MUG", "nyc", new(0, -3, 3), new(5, 2, 3), Id(1_001), Id(1), MemoryStock.Noon));
        facts[1].ShouldBeOfType<StockReserved>().Lines.ShouldBe([new StockLine(1, "MUG", "nyc", 3)]);
        facts.Count.ShouldBe(2);
    }

    [Fact]
    public void weighs_lines_of_one_sku_together()
    {
        stock.Decide(Receive("MUG", 5));
        stock.Decide(Reserve(1, ("MUG", 3), ("MUG", 3))).ShouldHaveSingleItem().ShouldBeOfType<StockReservationRejected>()
            .Shortages.ShouldBe([new StockShortage("MUG", "nyc", 6, 5)]);
        var facts = stock.Decide(Reserve(2, ("MUG", 3), ("MUG", 2)));
        facts.OfType<StockCommitted>().ShouldHaveSingleItem().Changes.Committed.ShouldBe(5);
        facts.OfType<StockReserved>().ShouldHaveSingleItem().Lines.Count.ShouldBe(2);
    }

    [Fact]
    public void is_all_or_nothing_and_names_every_shortage()
    {
        stock.Decide(Receive("MUG", 5));
        var rejected = stock.Decide(Reserve(1, ("MUG", 6), ("PLATE", 1), ("MUG", 1))).ShouldHaveSingleItem().ShouldBeOfType<StockReservationRejected>();
        rejected.Reason.ShouldBe("out_of_stock");
        rejected.Shortages.ShouldBe([new StockShortage("MUG", "nyc", 7, 5), new StockShortage("PLATE", "nyc", 1, 0)]);
        stock.Level("MUG")!.Counts.Available.ShouldBe(5);
    }

    [Fact]
    public void rejects_what_nobody_has_registered() =>
        stock.Decide(Reserve(1, ("MUGG", 1))).ShouldHaveSingleItem().ShouldBeOfType<StockReservationRejected>().Reason.ShouldBe("unknown_sku");

    [Fact]
    public void what_a_return_brought_is_known_even_if_unregistered()
    {
        stock.Decide(Restock(1, ("MUGG", 1, StockState.Available)));
        stock.Decide(Reserve(1, ("MUGG", 2))).ShouldHaveSingleItem().ShouldBeOfType<StockReservationRejected>().Reason.ShouldBe("out_of_stock");
    }

    [Fact]
    public void repeated_changes_nothing_whatever_the_answer_was()
    {
        stock.Decide(Receive("MUG", 5));
        stock.Decide(Reserve(1, ("MUG", 6)));
        stock.Decide(Reserve(2, ("MUG", 5)));
        stock.Decide(Receive("MUG", 50));
        stock.Decide(Reserve(1, ("MUG", 6))).ShouldBeEmpty();
        stock.Decide(Reserve(2, ("MUG", 5))).ShouldBeEmpty();
    }

    [Fact]
    public void finds_the_door_shut_after_a_release()
    {
        stock.Decide(Receive("MUG", 5));
        stock.Decide(Release(1, 1)).ShouldHaveSingleItem().ShouldBeOfType<StockReservationForestalled>();
        stock.Decide(Reserve(1, ("MUG", 1))).ShouldHaveSingleItem().ShouldBeOfType<StockReservationRejected>().Reason.ShouldBe("released");
        stock.Decide(Reserve(1, ("MUG", 1))).ShouldBeEmpty();
        stock.Level("MUG")!.Counts.ShouldBe(new(5, 5));
    }

    [Fact]
    public void for_nothing_is_the_senders_defect()
    {
        Should.Throw<ArgumentException>(() => stock.Decide(Reserve(1)));
        Should.Throw<ArgumentException>(() => stock.Decide(Reserve(1, ("MUG", 0))));
    }

    [Fact]
    public void at_several_locations_is_one_reservation()
    {
        stock.Decide(Receive("MUG", 1));
        stock.Decide(Receive("MUG", 1, "lax"));
        stock.Decide(ReserveLines(1, [new(1, "MUG", "nyc", 1), new(1, "MUG", "lax", 1)]));
        stock.Level("MUG")!.Counts.Committed.ShouldBe(1);
        stock.Level("MUG", "lax")!.Counts.Committed.ShouldBe(1);
        stock.Decide(ShipFrom("lax", 1, 1, (1, "MUG", 1)));
        stock.Level("MUG", "lax")!.Counts.ShouldBe(StockCounts.None);
        stock.Level("MUG")!.Counts.Committed.ShouldBe(1);
    }
}

public sealed class ReleaseStockTests
{
    private readonly MemoryStock stock = new("MUG", "PLATE");

    public ReleaseStockTests()
    {
        stock.Decide(Receive("MUG", 10));
        stock.Decide(Reserve(1, ("MUG", 4), ("MUG", 2)));
    }

    [Fact]
    public void gives_everything_back_once()
    {
        var facts = stock.Decide(Release(1, 1));
        facts.OfType<StockUncommitted>().ShouldHaveSingleItem().After.ShouldBe(new(10, 10));
        facts.OfType<StockReleased>().ShouldHaveSingleItem().Lines.Sum(line => line.Quantity).ShouldBe(6);
        stock.Reservations.Single().Status.ShouldBe(ReservationStatus.Closed);
        stock.Decide(Release(1, 1)).ShouldBeEmpty();
    }

    [Fact]
    public void of_lines_never_gives_back_more_than_is_held()
    {
        stock.Decide(Ship(1, 1, (1, "MUG", 3)));
        var facts = stock.Decide(Release(1, 1, new StockLine(1, "MUG", "nyc", 4), new StockLine(2, "MUG", "nyc", 1), new StockLine(9, "MUG", "nyc", 1)));
        facts.OfType<StockReleased>().ShouldHaveSingleItem().Lines.ShouldBe([new StockLine(1, "MUG", "nyc", 1), new StockLine(2, "MUG", "nyc", 1)]);
        stock.Level("MUG")!.Counts.ShouldBe(new(7, 6, 1));
    }

    [Fact]
    public void of_nothing_is_answered_all_the_same()
    {
        stock.Decide(Release(1, 1));
        stock.Decide(Release(2, 1)).ShouldHaveSingleItem().ShouldBeOfType<StockReleased>().Lines.ShouldBeEmpty();
        stock.Decide(Reserve(2, ("PLATE", 1)));
        stock.Decide(Release(3, 2)).ShouldHaveSingleItem().ShouldBeOfType<StockReleased>().Lines.ShouldBeEmpty();
        stock.Decide(Release(3, 2)).ShouldBeEmpty();
    }

    [Fact]
    public void may_follow_the_reservation_within_one_page()
    {
        stock.Page([Queue(1, 0, 4, ("MUG", 9)), Reserve(3, ("MUG", 3)), Release(3, 3)], out _);
        stock.Level("MUG")!.Counts.Committed.ShouldBe(6);
        stock.Page([Release(4, 4), Reserve(4, ("MUG", 1))], out _);
        stock.Reservation(Id(4)).Count.ShouldBe(2);
    }
}

public sealed class ConsumeStockTests
{
    private readonly MemoryStock stock = new("MUG");

    public ConsumeStockTests()
    {
        stock.Decide(Receive("MUG", 10));
        stock.Decide(Reserve(1, ("MUG", 4), ("MUG", 2)));
    }

    [Fact]
    public void takes_held_pieces_out_once_per_shipment()
    {
        var facts = stock.Decide(Ship(1, 1, (1, "MUG", 4), (2, "MUG", 1)));
        facts.OfType<StockShipped>().ShouldHaveSingleItem().After.ShouldBe(new(5, 4, 1));
        facts.OfType<StockConsumed>().ShouldHaveSingleItem().Lines.Count.ShouldBe(2);
        stock.Decide(Ship(1, 1, (1, "MUG", 4), (2, "MUG", 1))).ShouldBeEmpty();
        stock.Decide(Ship(2, 1, (2, "MUG", 1)));
        stock.Reservations.Single().Status.ShouldBe(ReservationStatus.Closed);
    }

    [Fact]
    public void never_guesses()
    {
        Should.Throw<ShipmentExceedsReservationException>(() => stock.Decide(Ship(1, 7, (1, "MUG", 1))));
        Should.Throw<ShipmentExceedsReservationException>(() => stock.Decide(Ship(1, 1, (1, "MUG", 5))));
        Should.Throw<ShipmentExceedsReservationException>(() => stock.Decide(Ship(1, 1, (3, "MUG", 1))));
        Should.Throw<ShipmentExceedsReservationException>(() => stock.Decide(Ship(1, 1, (1, "MUG", 0))));
        Should.Throw<ShipmentExceedsReservationException>(() => stock.Decide(ShipFrom("lax", 1, 1, (1, "MUG", 1))));
        stock.Decide(Release(1, 1));
        Should.Throw<ShipmentExceedsReservationException>(() => stock.Decide(Ship(1, 1, (1, "MUG", 1))));
        stock.Level("MUG")!.Counts.ShouldBe(new(10, 10));
    }
}

public sealed class RestockReturnTests
{
    private readonly MemoryStock stock = new("MUG");

    [Fact]
    public void puts_pieces_where_they_belong_once()
    {
        var restock = Restock(1, ("MUG", 2, StockState.Available), ("MUG", 1, StockState.Damaged), ("VASE", 1, StockState.QualityControl));
        stock.Decide(restock).OfType<ReturnRestocked>().ShouldHaveSingleItem().Lines.Count.ShouldBe(3);
        stock.Level("MUG")!.Counts.ShouldBe(new(3, 2, Damaged: 1));
        stock.Level("VASE")!.Counts.ShouldBe(new(1, QualityControl: 1));
        stock.Decide(restock).ShouldBeEmpty();
    }

    [Fact]
    public void elsewhere_is_the_senders_defect()
    {
        Should.Throw<ArgumentException>(() => stock.Decide(Restock(1, ("MUG", 1, StockState.Committed))));
        Should.Throw<ArgumentException>(() => stock.Decide(Restock(1, ("MUG", 0, StockState.Available))));
    }
}
