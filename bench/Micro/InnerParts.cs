using System.Text;
using System.Text.Json;
using BenchmarkDotNet.Attributes;
using JasperFx.Events;
using MassTransit.Serialization;
using Oms.Bench.Routing;
using Oms.Inventory.Domain;
using Oms.Inventory.Features;
using Oms.Kernel;
using Oms.Orders.Domain;
using Oms.Orders.Features;
using Oms.Orders.Integration;
using Oms.Routing.Planning;
using Weasel.Core;

namespace Oms.Bench.Micro;

/// <summary>The parts that every order goes through, alone.</summary>
[MemoryDiagnoser]
public class InnerParts
{
    private const int PageOfReservations = 64;
    private static readonly Marten.Services.SystemTextJsonSerializer Store = new() { EnumStorage = EnumStorage.AsString, Casing = Casing.CamelCase };
    private readonly RiskPolicy risk = new();
    private readonly PlaceOrder place = OrderStory.Place();
    private readonly IOrderEvent[] story = OrderStory.Told();
    private readonly List<RoutingCase> few = RoutingNetwork.Cases(locations: 10, orders: 64);
    private readonly List<RoutingCase> many = RoutingNetwork.Cases(locations: 1_000, orders: 64);
    private IEvent[] happened = [];
    private Order order = null!;
    private byte[] storedOrder = [];
    private byte[] storedPlaced = [];
    private object contract = null!;
    private int next;

    [GlobalSetup]
    public void Prepare()
    {
        happened = [.. story.Select(fact => (IEvent)Activator.CreateInstance(typeof(Event<>).MakeGenericType(fact.GetType()), fact)!)];
        order = Fold.All<Order, IOrderEvent>(story)!;
        (storedOrder, storedPlaced) = (Encoding.UTF8.GetBytes(Store.ToJson(order)), Encoding.UTF8.GetBytes(Store.ToJson(story[0])));
        contract = OrderPublishedLanguage.Translate(happened[0])!;
    }

    [Benchmark(Description = "decide: place an order")]
    public object DecidePlaceOrder() => PlaceOrderSlice.Decide(place, existing: null, risk);

    [Benchmark(Description = "fold: an order of 14 facts")]
    public object FoldOrder() => Fold.All<Order, IOrderEvent>(story)!;

    [Benchmark(Description = "decide: a page of 64 reservations of one SKU")]
    public object DecideReservations()
    {
        var book = new StockBook();
        book.Levels.Load(InventoryLevel.Key("newark", "SKU"), InventoryLevel.Empty("newark", "SKU") with { Counts = new(1_000, 1_000) }, version: 1);
        for (var reservation = 0; reservation < PageOfReservations; reservation++)
        {
            var id = new Guid(reservation, 0, 0, new byte[8]);
            book.Reservations.Load(Reservation.Key(id), state: null, version: 0);
            book.Decide(new ReserveStock(id, id, [new(1, "SKU", "newark", 1)], OrderStory.Noon, TraceParent: null));
        }
        return book;
    }

    [Benchmark(Description = "relay: translate an order's 14 facts")]
    public int Translate()
    {
        var leaving = 0;
        foreach (var fact in happened)
            leaving += OrderPublishedLanguage.Translate(fact) is null ? 0 : 1;
        return leaving;
    }

    [Benchmark(Description = "serialize: order_placed")]
    public string WritePlaced() => Store.ToJson(story[0]);

    [Benchmark(Description = "deserialize: order_placed")]
    public object ReadPlaced() => Store.FromJson<OrderPlaced>(new MemoryStream(storedPlaced));

    [Benchmark(Description = "serialize: snapshot of an order")]
    public string WriteOrder() => Store.ToJson(order);

    [Benchmark(Description = "deserialize: snapshot of an order")]
    public object ReadOrder() => Store.FromJson<Order>(new MemoryStream(storedOrder));

    [Benchmark(Description = "serialize: contract OrderPlaced")]
    public byte[] WriteContract() => JsonSerializer.SerializeToUtf8Bytes(contract, contract.GetType(), SystemTextJsonMessageSerializer.Options);

    [Benchmark(Description = "route: 10 locations")]
    public object RouteAmongFew() => Next(few);

    [Benchmark(Description = "route: 1,000 locations")]
    public object RouteAmongMany() => Next(many);

    private object Next(List<RoutingCase> cases)
    {
        var it = cases[next++ % cases.Count];
        return Router.Route(it.Request, it.Around);
    }
}
