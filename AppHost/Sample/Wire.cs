using System.Text.Json;
using System.Text.Json.Serialization;

namespace Oms.Sample;

// What the API says and hears, as far as this client cares. Members that are not named here are skipped when reading.

internal sealed record Page<T>(List<T> Items, string? Next);

internal sealed record Nothing;

internal sealed record AddressBody(string? Name, string Line1, string City, string Region, string PostalCode, string Country);

internal sealed record CoordinatesBody(double Latitude, double Longitude);

// Merchant

internal sealed record LocationBody(
    string Name, string Type, AddressBody Address, CoordinatesBody Coordinates, string TimeZone, string CutOff, string[] Markets, int Priority, bool Active);

internal sealed record MarketBody(string Name, string[] Countries);

internal sealed record StrategyBody(List<RuleBody> Rules);

internal sealed record RuleBody(string Type, string[]? Locations = null);

internal sealed record PostalCodesBody(List<PostalCodeBody> Items);

internal sealed record PostalCodeBody(string Country, string PostalCode, double Latitude, double Longitude);

internal sealed record ItemsBody(List<ItemBody> Items);

internal sealed record ItemBody(string Sku, string Name);

internal sealed record ItemResults(List<ItemResult> Results);

internal sealed record ItemResult(string Sku, string Outcome, string? Code, string? Detail);

internal sealed record ReceiptBody(string LocationId, string Reason, string Document, List<ReceiptLine> Lines);

internal sealed record ReceiptLine(string Sku, int Quantity);

/// <summary>How many pieces are in each state; as a change, by how many they became more.</summary>
internal sealed record Counts(
    int OnHand = 0, int Available = 0, int Committed = 0, int Reserved = 0, int Damaged = 0, int QualityControl = 0, int SafetyStock = 0, int Incoming = 0)
{
    public static Counts operator +(Counts left, Counts right) => new(
        left.OnHand + right.OnHand, left.Available + right.Available, left.Committed + right.Committed, left.Reserved + right.Reserved,
        left.Damaged + right.Damaged, left.QualityControl + right.QualityControl, left.SafetyStock + right.SafetyStock, left.Incoming + right.Incoming);

    public bool AddsUp => OnHand == Available + Committed + Reserved + Damaged + QualityControl + SafetyStock;

    public bool IsNegativeSomewhere => new[] { OnHand, Available, Committed, Reserved, Damaged, QualityControl, SafetyStock, Incoming }.Min() < 0;
}

internal sealed record Level(
    string Sku, string LocationId, int OnHand, int Available, int Committed, int Reserved, int Damaged, int QualityControl, int SafetyStock, int Incoming)
{
    [JsonIgnore]
    public Counts Counts => new(OnHand, Available, Committed, Reserved, Damaged, QualityControl, SafetyStock, Incoming);
}

internal sealed record Movement(string LocationId, string? Document, Counts Changes, Counts After, Guid? OrderId, long Version);

internal sealed record Backorder(Guid OrderId);

// Orders

internal sealed record OrderBody(
    string Channel, string ChannelOrderNumber, DateTimeOffset PlacedAt, CustomerBody Customer, AddressBody ShipTo, string Currency, string ServiceLevel,
    List<OrderLineBody> Lines);

internal sealed record CustomerBody(string Email, string Name);

internal sealed record OrderLineBody(string Sku, string Name, int Quantity, decimal UnitPrice, decimal Discount);

internal sealed record OrderView(
    Guid Id, string Number, string Channel, string ChannelOrderNumber, string Status, List<OrderLineView> Lines, decimal Total, PaymentView Payment, List<HoldView>? Holds);

internal sealed record OrderLineView(int Line, string Sku, int Quantity, decimal Total, QuantitiesView Quantities);

internal sealed record QuantitiesView(int Open, int Backordered, int Allocated, int Shipped, int Delivered, int Canceled, int Returned);

internal sealed record PaymentView(string? Status, decimal Authorized, decimal Captured, decimal Refunded);

internal sealed record HoldView(string Reason);

internal sealed record HoldBody(string Reason, string Note);

internal sealed record ReasonBody(string Reason);

internal sealed record TimelineView(List<TimelineItem> Items);

internal sealed record TimelineItem(string Type);

// Warehouses and carriers

internal sealed record FulfillmentOrderView(
    Guid Id, Guid OrderId, string LocationId, string Status, string RequestStatus, List<FulfillmentLineView> Lines, List<Guid>? Shipments);

internal sealed record FulfillmentLineView(int Line, string Sku, int Quantity, int Shipped, int Canceled);

internal sealed record ActionsBody(List<ActionBody> Actions);

internal sealed record ActionBody(Guid FulfillmentOrderId, string Action);

internal sealed record ActionResults(List<ActionResult> Results);

internal sealed record ActionResult(Guid FulfillmentOrderId, string Outcome, string? Code, string? Detail, ShipmentView? Shipment);

internal sealed record ShipBody(List<PiecesBody>? Lines);

internal sealed record PiecesBody(int Line, int Quantity);

internal sealed record PackBody(int WeightGrams);

internal sealed record ShipmentView(
    Guid Id, Guid FulfillmentOrderId, Guid OrderId, string LocationId, string Status, string Carrier, string TrackingNumber, DateTimeOffset DispatchedAt, DateTimeOffset? DeliveredAt);

internal sealed record TrackingBody(List<TrackingEvent> Events);

internal sealed record TrackingEvent(string Carrier, string TrackingNumber, string EventId, string Code, string Message, DateTimeOffset OccurredAt);

internal sealed record TrackingResults(List<TrackingResult> Results);

internal sealed record TrackingResult(string TrackingNumber, string EventId, string Outcome, string? Code, string? Detail);

// Returns

internal sealed record ReturnBody(Guid OrderId, string Reason, List<PiecesBody> Lines);

internal sealed record ReceiveBody(string LocationId, List<ReceivedBody> Lines);

internal sealed record ReceivedBody(int Line, int Quantity, string Disposition);

internal sealed record ReturnView(Guid Id, string Number, Guid OrderId, string Status, List<ReturnLineView> Lines, RefundView Refund);

internal sealed record ReturnLineView(int Line, string Sku, int Quantity, int Received);

internal sealed record RefundView(string Status, decimal Amount);

// Reconciliation

internal sealed record ReconciliationView(long Checks, List<DifferenceView> Differences);

internal sealed record DifferenceView(string What, string Key, JsonElement Expected, JsonElement Actual);

internal sealed record OrderReconciliationView(long Checks, List<DifferenceView> Differences, List<OrderTotals> Totals);

internal sealed record OrderTotals(string Currency, int Orders, decimal OrderValue, decimal Captured, decimal Refunded);

internal sealed record CustomerReconciliationView(long Checks, List<DifferenceView> Differences, List<CustomerTotals> Totals);

internal sealed record CustomerTotals(string Currency, decimal Captured, decimal Refunded, decimal LifetimeValue);

/// <summary>Serializers written at compile time: the client shares its processors with the platform.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, RespectRequiredConstructorParameters = false)]
[JsonSerializable(typeof(Problem))]
[JsonSerializable(typeof(Nothing))]
[JsonSerializable(typeof(LocationBody))]
[JsonSerializable(typeof(MarketBody))]
[JsonSerializable(typeof(StrategyBody))]
[JsonSerializable(typeof(PostalCodesBody))]
[JsonSerializable(typeof(ItemsBody))]
[JsonSerializable(typeof(ItemResults))]
[JsonSerializable(typeof(ReceiptBody))]
[JsonSerializable(typeof(Page<Level>), TypeInfoPropertyName = "Levels")]
[JsonSerializable(typeof(Page<Movement>), TypeInfoPropertyName = "Movements")]
[JsonSerializable(typeof(Page<Backorder>), TypeInfoPropertyName = "Backorders")]
[JsonSerializable(typeof(OrderBody))]
[JsonSerializable(typeof(OrderView))]
[JsonSerializable(typeof(Page<OrderView>), TypeInfoPropertyName = "Orders")]
[JsonSerializable(typeof(HoldBody))]
[JsonSerializable(typeof(ReasonBody))]
[JsonSerializable(typeof(TimelineView))]
[JsonSerializable(typeof(FulfillmentOrderView))]
[JsonSerializable(typeof(Page<FulfillmentOrderView>), TypeInfoPropertyName = "FulfillmentOrders")]
[JsonSerializable(typeof(ActionsBody))]
[JsonSerializable(typeof(ActionResults))]
[JsonSerializable(typeof(ShipBody))]
[JsonSerializable(typeof(PackBody))]
[JsonSerializable(typeof(ShipmentView))]
[JsonSerializable(typeof(Page<ShipmentView>), TypeInfoPropertyName = "Shipments")]
[JsonSerializable(typeof(TrackingBody))]
[JsonSerializable(typeof(TrackingResults))]
[JsonSerializable(typeof(ReturnBody))]
[JsonSerializable(typeof(ReceiveBody))]
[JsonSerializable(typeof(ReturnView))]
[JsonSerializable(typeof(Page<ReturnView>), TypeInfoPropertyName = "Returns")]
[JsonSerializable(typeof(ReconciliationView))]
[JsonSerializable(typeof(OrderReconciliationView))]
[JsonSerializable(typeof(Report))]
[JsonSerializable(typeof(CustomerReconciliationView))]
internal sealed partial class Wire : JsonSerializerContext;
