using System.Collections.Immutable;
using System.Text.Json;
using CsCheck;
using Oms.Customers.Domain;
using Oms.Customers.Features;
using Oms.Kernel;

namespace Oms.Customer.Tests;

/// <summary>The messages about a few orders of two customers and of nobody, in any order, some of them twice.</summary>
public sealed class CustomerProperties
{
    private static readonly string[] Currencies = ["EUR", "JPY", "KWD"];

    private sealed record Heard(Guid OrderId, Guid? CustomerId, Func<CustomerOrder?, Decision<ICustomerOrderEvent>> Decide);

    private sealed record AnOrder(int Number, int Customer, int Currency, int Day, int Captures, int Refunds, bool Canceled, bool Named);

    private static readonly Gen<AnOrder> SomeOrder = Gen.Select(
        Gen.Int[0, 5], Gen.Int[0, 2], Gen.Int[0, 2], Gen.Int[0, 2], Gen.Int[0, 2], Gen.Int[0, 2], Gen.Bool, Gen.Bool,
        (number, customer, currency, day, captures, refunds, canceled, named) => new AnOrder(number, customer, currency, day, captures, refunds, canceled, named));

    private static readonly Gen<(Heard[] InOrder, Heard[] Shuffled)> TwoTellings =
        from orders in SomeOrder.Array[1, 6]
        let story = orders.DistinctBy(it => it.Number).SelectMany(Story).ToArray()
        from repeats in Gen.Int[0, story.Length - 1].Array[0, 10]
        from shuffled in Gen.Shuffle((Heard[])[.. story, .. repeats.Select(index => story[index])])
        select (story, shuffled);

    [Fact]
    public void the_same_messages_in_any_order_and_repeated_give_the_same_profiles() => TwoTellings.Sample(it =>
    {
        var (one, other) = (new World(), new World());
        foreach (var message in it.InOrder)
            one.Hear(message);
        foreach (var message in it.Shuffled)
            other.Hear(message);
        other.Told().ShouldBe(one.Told());
    });

    [Fact]
    public void a_customers_sums_are_those_of_the_orders_after_every_message() => TwoTellings.Sample(it =>
    {
        var world = new World();
        foreach (var message in it.Shuffled)
        {
            world.Hear(message);
            world.Check();
        }
    });

    private static IEnumerable<Heard> Story(AnOrder it)
    {
        var (orderId, currency) = (Ids.Derive("order", $"{it.Number}"), Currencies[it.Currency]);
        Guid? customerId = it.Customer == 0 ? null : Ids.Derive("customer", $"c{it.Customer}@example.com");
        Money Amount(int units) => new(units * 7, currency);

        var place = new RecordOrder(
            orderId, customerId, $"#{it.Number}", it.Currency == 0 ? "web" : "pos", $"c{it.Customer}@example.com", it.Named ? $"Name {it.Number}" : null,
            new("DE", null, $"City {it.Number}", null), Amount(it.Number + 1), Given.Noon.AddDays(it.Day));
        yield return new(orderId, customerId, order => RecordOrderSlice.Decide(place, order));
        for (var index = 0; index < it.Captures; index++)
        {
            var capture = new RecordCapture(orderId, customerId, Ids.Derive("capture", $"{it.Number}", $"{index}"), Amount(index + 3), Given.Noon);
            yield return new(orderId, customerId, order => RecordPaymentSlice.Decide(capture, order));
        }
        for (var index = 0; index < it.Refunds; index++)
        {
            var refund = new RecordRefund(orderId, customerId, Ids.Derive("refund", $"{it.Number}", $"{index}"), Amount(1), Given.Noon);
            yield return new(orderId, customerId, order => RecordPaymentSlice.Decide(refund, order));
        }
        if (it.Canceled)
            yield return new(orderId, customerId, order => RecordCancellationSlice.Decide(new(orderId, customerId, Given.Noon), order));
    }

    /// <summary>The deciders over streams in memory, as a page runs them.</summary>
    private sealed class World
    {
        private readonly SortedDictionary<Guid, CustomerOrder> orders = [];
        private readonly SortedDictionary<Guid, Customers.Domain.Customer> customers = [];

        public void Hear(Heard message)
        {
            foreach (var fact in message.Decide(orders.GetValueOrDefault(message.OrderId)))
            {
                var order = orders[message.OrderId] = CustomerOrder.After(orders.GetValueOrDefault(message.OrderId), fact);
                if (message.CustomerId is not { } id)
                    continue;
                foreach (var consequence in AttributeToCustomerSlice.Decide(fact, order, customers.GetValueOrDefault(id)))
                {
                    var before = customers.GetValueOrDefault(id);
                    customers[id] = Customers.Domain.Customer.After(before, consequence) with { Version = (before?.Version ?? 0) + 1 };
                }
            }
        }

        public void Check()
        {
            foreach (var customer in customers.Values)
            {
                var sums = ReconcileCustomersSlice.Sums.Of(orders.Values.Where(order => order.CustomerId == customer.Id));
                ReconcileCustomersSlice.Sums.Same(sums, new(customer.CanceledOrders, customer.Totals)).ShouldBeTrue();
            }
            orders.Values.Select(order => order.CustomerId).OfType<Guid>().Except(customers.Keys).All(id => orders.Values
                .Where(order => order.CustomerId == id).All(order => order is { PlacedAt: null, Captures.Count: 0, Refunds.Count: 0 })).ShouldBeTrue();
        }

        /// <summary>What the API would show, and the orders behind it.</summary>
        public string Told() => JsonSerializer.Serialize(new
        {
            customers = customers.Values.Select(CustomerView.Of),
            states = customers.Values.Select(customer => customer with { Totals = ImmutableSortedDictionary<string, CurrencyTotals>.Empty }),
            orders = orders.Values,
        });
    }
}
