using CsCheck;
using Oms.Kernel;
using Oms.Orders.Domain;
using Oms.Orders.Features;

namespace Oms.Orders.Tests.Simulation;

public sealed class OrderProperties
{
    private static readonly Gen<PlacedLine> AnyLine = Gen.Select(Gen.Int[1, 4], Gen.Int[0, 700], Gen.Int[0, 300]).Select((quantity, price, tax) =>
        new PlacedLine(1, "S", null, quantity, price / 100m, 0, tax / 100m, (quantity * price + tax) / 100m));

    private static readonly Gen<PlaceOrder> AnyOrder = Gen.Select(AnyLine.Array[1, 3], Gen.Int[0, 500]).Select((lines, shipping) => Given.Place with
    {
        Lines = [.. lines.Select((line, index) => line with { Line = index + 1, Sku = $"S{index + 1}" })],
        Shipping = shipping / 100m,
    });

    // Weighted so that most orders get far before something goes wrong.
    private static readonly Gen<Step> AnyStep = Gen.Select(
        Gen.Frequency(
            (30, Gen.Const(What.Deliver)), (4, Gen.Const(What.Repeat)), (5, Gen.Const(What.Ship)), (4, Gen.Const(What.Arrive)), (2, Gen.Const(What.LocationRejects)), (4, Gen.Const(What.StockArrives)), (1, Gen.Const(What.TimePasses)),
            (1, Gen.Const(What.Hold)), (3, Gen.Const(What.Release)), (1, Gen.Const(What.Cancel)), (1, Gen.Const(What.Appease)), (1, Gen.Const(What.Return))),
        Gen.Int[0, 10_000], (what, dice) => new Step(what, dice));

    private static readonly RiskPolicy SomeAreHeld = new() { HoldFromTotal = 20 };

    [Fact]
    public void whatever_happens_pieces_and_money_add_up_and_the_order_comes_to_an_end() =>
        Gen.Select(AnyOrder, AnyStep.Array[0, 200]).Sample((place, steps) =>
        {
            var world = new World(place, SomeAreHeld);
            foreach (var step in steps)
                world.Take(step);
            world.ComeToRest();
            world.CheckTheEnd();
            var answered = world.Order.Payment is { AuthorizationId: null } or { IsAuthorized: true } or { DeclineReason: not null };
            var (told, state) = (world.Told.Count, world.Process.CurrentState);
            world.HearEverythingAgain(steps.Length);
            // An authorization that nobody had ever answered may be answered now: then it is voided.
            if (answered)
                (world.Told.Count, world.Process.CurrentState).ShouldBe((told, state), string.Join(", ", world.Told.Skip(told)));
            world.CheckTheEnd();
        }, iter: 1_500);

    [Fact]
    public void any_partition_into_parcels_or_refunds_sums_to_the_line_exactly() =>
        Gen.Select(Gen.Int[1, 40], Gen.Int[0, 100_000], Gen.Int[0, 2].Select(it => new[] { "USD", "JPY", "KWD" }[it]), Gen.Int[1, 7].Array[1, 40]).Sample((quantity, minor, currency, cuts) =>
        {
            var total = minor / (currency switch { "JPY" => 1m, "USD" => 100m, _ => 1_000m });
            var line = new OrderLine(1, "S", null, quantity, 0, 0, 0, total);
            List<Money> parts = [];
            for (var (at, next) = (0, 0); at < quantity; at += Math.Min(cuts[next++ % cuts.Length], quantity - at))
                parts.Add(line.ValueOf(at, Math.Min(cuts[next % cuts.Length], quantity - at), currency));
            parts.Aggregate(Money.Zero(currency), (sum, part) => sum + part).ShouldBe(new Money(total, currency));

            var pieces = new Money(total, currency).AllocateAcross([.. Enumerable.Repeat(1m, quantity)]);
            Enumerable.Range(0, quantity).Select(piece => line.ValueOf(piece, 1, currency)).ShouldBe(pieces);
        });

    [Fact]
    public void a_line_of_a_million_pieces_is_valued_at_once()
    {
        var line = new OrderLine(1, "S", null, Quantity.Max, 0, 0, 0, 33_333.33m);
        var parts = Enumerable.Range(0, 1_000).Select(part => line.ValueOf(part * 1_000, 1_000, "USD")).ToList();
        parts.Sum(part => part.Amount).ShouldBe(33_333.33m);
        line.ValueOf(0, 1, "USD").Amount.ShouldBe(0.04m);
        line.ValueOf(Quantity.Max - 1, 1, "USD").Amount.ShouldBe(0.03m);
    }
}
