using System.Text.Json.Serialization;

namespace Oms.Bench.Load;

// What the API says and hears, as far as the bench cares.

internal sealed record Nothing;

internal sealed record Page<T>(List<T> Items, string? Next);

internal sealed record AddressBody(string? Name, string Line1, string City, string Region, string PostalCode, string Country);

internal sealed record CoordinatesBody(double Latitude, double Longitude);

internal sealed record LocationBody(string Name, string Type, AddressBody Address, CoordinatesBody Coordinates, string TimeZone, string CutOff);

internal sealed record PostalCodesBody(List<PostalCodeBody> Items);

internal sealed record PostalCodeBody(string Country, string PostalCode, double Latitude, double Longitude);

internal sealed record ItemsBody(List<ItemBody> Items);

internal sealed record ItemBody(string Sku, string Name);

internal sealed record ReceiptBody(string LocationId, string Reason, string? Document, List<ReceiptLine> Lines);

internal sealed record ReceiptLine(string Sku, int Quantity);

internal sealed record OrderBody(
    string Channel, string ChannelOrderNumber, CustomerBody Customer, AddressBody ShipTo, string Currency, List<OrderLineBody> Lines);

internal sealed record CustomerBody(string Email, string Name);

internal sealed record OrderLineBody(string Sku, int Quantity, decimal UnitPrice);

internal sealed record OrderView(Guid Id, string Status, Guid? CustomerId, List<OrderLineView>? Lines = null);

internal sealed record OrderLineView(int Quantity, QuantitiesView Quantities);

internal sealed record QuantitiesView(int Open, int Backordered, int Allocated, int Shipped, int Delivered, int Canceled, int Returned);

internal sealed record ReasonBody(string Reason);

internal sealed record Level(string Sku, string LocationId, int OnHand, int Available, int Committed, int Reserved);

internal sealed record ImportedRow(int Row, string Outcome, string? Code = null, string? Detail = null);

internal sealed record TimelineView(List<TimelineItem> Items);

internal sealed record TimelineItem(string Type, DateTimeOffset RecordedAt);

internal sealed record FulfillmentOrderView(Guid Id, Guid OrderId, string LocationId);

internal sealed record ActionsBody(List<ActionBody> Actions);

internal sealed record ActionBody(Guid FulfillmentOrderId, string Action);

internal sealed record ActionResults(List<ActionResult> Results);

internal sealed record ActionResult(Guid FulfillmentOrderId, string Outcome, string? Code, string? Detail, ShipmentView? Shipment);

internal sealed record ShipmentView(Guid Id, Guid OrderId, string Carrier, string TrackingNumber);

internal sealed record TrackingBody(List<TrackingEvent> Events);

internal sealed record TrackingEvent(string Carrier, string TrackingNumber, string EventId, string Code, DateTimeOffset OccurredAt);

internal sealed record TrackingResults(List<TrackingResult> Results);

internal sealed record TrackingResult(string TrackingNumber, string Outcome, string? Code, string? Detail);

// What partners hear over the broker.

internal sealed record Envelope<T>(T Message);

internal sealed record FulfillmentOrderNews(Guid FulfillmentOrderId, Guid OrderId, string LocationId);

internal sealed record OrderNews(Guid OrderId);

internal sealed record ReservationAnswer(Guid ReservationId);

/// <summary>A command as the bus wraps it.</summary>
internal sealed record ReserveStockEnvelope(Guid MessageId, string[] MessageType, Oms.Contracts.Inventory.V1.ReserveStock Message);

/// <summary>What a service says of each read model that it has rebuilt.</summary>
internal sealed record RebuiltLine(string ReadModel, long Streams, long Events, long Written, long Removed, double Seconds);

/// <summary>Serializers written at compile time: the load shares its processors with the platform.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Nothing))]
[JsonSerializable(typeof(LocationBody))]
[JsonSerializable(typeof(PostalCodesBody))]
[JsonSerializable(typeof(ItemsBody))]
[JsonSerializable(typeof(ReceiptBody))]
[JsonSerializable(typeof(OrderBody))]
[JsonSerializable(typeof(OrderView))]
[JsonSerializable(typeof(ReasonBody))]
[JsonSerializable(typeof(Level))]
[JsonSerializable(typeof(ImportedRow))]
[JsonSerializable(typeof(Envelope<ReservationAnswer>), TypeInfoPropertyName = "ReservationNews")]
[JsonSerializable(typeof(ReserveStockEnvelope))]
[JsonSerializable(typeof(RebuiltLine))]
[JsonSerializable(typeof(Page<OrderView>), TypeInfoPropertyName = "Orders")]
[JsonSerializable(typeof(TimelineView))]
[JsonSerializable(typeof(Page<FulfillmentOrderView>), TypeInfoPropertyName = "FulfillmentOrders")]
[JsonSerializable(typeof(ActionsBody))]
[JsonSerializable(typeof(ActionResults))]
[JsonSerializable(typeof(TrackingBody))]
[JsonSerializable(typeof(TrackingResults))]
[JsonSerializable(typeof(ShipmentView))]
[JsonSerializable(typeof(Envelope<FulfillmentOrderNews>), TypeInfoPropertyName = "FulfillmentOrderCreated")]
[JsonSerializable(typeof(Envelope<OrderNews>), TypeInfoPropertyName = "OrderCompleted")]
internal sealed partial class Wire : JsonSerializerContext;
