using Oms.Customers.Domain;
using Oms.Customers.Features;
using Oms.Kernel;

namespace Oms.Customer.Tests;

/// <summary>Ann, who orders in two channels.</summary>
internal static class Given
{
    public const string Email = "ann@example.com";
    public static readonly Guid Ann = Ids.Derive("customer", Email);
    public static readonly Guid Order = new("0198a000-0000-7000-8000-000000000001");
    public static readonly Guid Later = new("0198a000-0000-7000-8000-000000000002");
    public static readonly Guid Transaction = new("0198a000-0000-7000-8000-000000000003");
    public static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    public static readonly Location Berlin = new("DE", null, "Berlin", "10115");
    public static readonly Location Boston = new("US", "MA", "Boston", "02108");

    public static Money Euro(decimal amount) => new(amount, "EUR");

    public static OrderRecorded ItWasPlaced => new(Order, Ann, "#1001", "web", Email, "Ann", Berlin, "EUR", 40.00m, Noon);

    public static CaptureRecorded ItWasCaptured => new(Order, Ann, Transaction, 40.00m, "EUR", Noon);

    public static RefundRecorded ItWasRefunded => new(Order, Ann, Transaction, 10.00m, "EUR", Noon);

    public static CancellationRecorded ItWasCanceled => new(Order, Ann, Noon);

    public static CustomerRegistered SheRegistered => new(Ann, Email, Noon);

    public static CustomerOrderRecorded SheOrdered => new(Ann, Order, "#1001", "web", "Ann", Berlin, "EUR", 40.00m, Noon);

    public static CustomerOrderRecorded SheOrderedLater => new(Ann, Later, "#1002", "pos", null, Boston, "EUR", 25.01m, Noon.AddDays(1));

    public static CustomerOrderCanceled HerOrderWasCanceled => new(Ann, Order, "EUR", 40.00m, Noon);

    public static CustomerPaymentCaptured ShePaid => new(Ann, Order, Transaction, 40.00m, "EUR", Noon);

    public static CustomerPaymentRefunded SheWasPaidBack => new(Ann, Order, Transaction, 10.00m, "EUR", Noon);

    public static RecordOrder Place => new(Order, Ann, "#1001", "web", Email, "Ann", Berlin, Euro(40), Noon);
}
