using Oms.Kernel;
using Oms.Shipping.Domain;

namespace Oms.Shipping.Carriers;

/// <summary>A parcel that needs a label.</summary>
/// <param name="ShipmentId">Also the key of the purchase: see <see cref="ICarrier"/>.</param>
/// <param name="ServiceLevel">What the customer was promised: standard, expedited, express or same_day.</param>
public sealed record Parcel(Guid ShipmentId, string LocationId, Address ShipTo, string ServiceLevel, int? WeightGrams);

/// <param name="Service">The carrier's own name of the service that keeps the promise.</param>
public sealed record Label(string Carrier, string Service, string TrackingNumber, string LabelNumber);

/// <summary>
/// The outside service that moves parcels. Labels cost money and are bought before the commit that needs them, so every purchase carries the id of the
/// shipment as its key: asked again after a crash in between, an adapter buys nothing and answers the same label.
/// </summary>
public interface ICarrier
{
    /// <summary>Lower case; people choose a carrier by it, and its tracking events carry it.</summary>
    string Name { get; }

    /// <exception cref="CarrierUnavailableException">There was no answer. Asking again with the same shipment is safe.</exception>
    Task<Label> Buy(Parcel parcel, CancellationToken token);

    /// <summary>What one of the carrier's own tracking codes means; null when it is none of them.</summary>
    TrackingStatus? Read(string code);
}

public sealed class CarrierUnavailableException(string message) : Exception(message);
