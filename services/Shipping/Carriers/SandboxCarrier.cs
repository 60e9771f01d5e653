using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using Oms.Shipping.Domain;

namespace Oms.Shipping.Carriers;

/// <summary>
/// A carrier for development and tests, behind the same interface as a real one. Everything on a label follows from the shipment's id, so it needs no memory
/// to answer a repeated purchase as it did first.
/// </summary>
/// <remarks>
/// The carrier <c>sandbox-down</c> never answers. <c>sandbox</c> does not answer the first purchase for a parcel to postal code <c>00000</c>, once in each
/// process. Its tracking codes: PU, IT, OD, AD, DL, DV, EX, RS.
/// </remarks>
public sealed class SandboxCarrier(string name, bool isDown = false) : ICarrier
{
    public const string Up = "sandbox";
    public const string Down = "sandbox-down";

    private const string FailsOnce = "00000";
    private const int FailuresRememberedMax = 10_000;

    // S10 of the UPU has eight digits to tell parcels apart, too few for numbers that are derived and not counted. So these look like parcels of the
    // USPS: 22 digits, the last of which makes the sum, weighted 3 and 1 from the right, a multiple of ten.
    private const string TrackingPrefix = "94";
    private const int TrackingSerialDigits = 19;

    private readonly ConcurrentDictionary<Guid, bool> failed = [];

    public string Name => name;

    public Task<Label> Buy(Parcel parcel, CancellationToken token)
    {
        if (isDown)
            throw new CarrierUnavailableException($"{name} never answers.");
        if (parcel.ShipTo.PostalCode == FailsOnce && failed.Count < FailuresRememberedMax && failed.TryAdd(parcel.ShipmentId, true))
            throw new CarrierUnavailableException($"{name} does not answer the first purchase for a parcel to {FailsOnce}.");
        return Task.FromResult(new Label(
            name, Service(parcel.ServiceLevel), TrackingNumber(parcel.ShipmentId), $"SBX-{parcel.ShipmentId.ToString("N").ToUpperInvariant()}"));
    }

    public TrackingStatus? Read(string code) => code switch
    {
        "PU" => TrackingStatus.CarrierPickedUp,
        "IT" => TrackingStatus.InTransit,
        "OD" => TrackingStatus.OutForDelivery,
        "AD" => TrackingStatus.AttemptedDelivery,
        "DL" => TrackingStatus.Delayed,
        "DV" => TrackingStatus.Delivered,
        "EX" => TrackingStatus.Failure,
        "RS" => TrackingStatus.ReturningToSender,
        _ => null,
    };

    /// <summary>Mod 10 with weights 3 and 1 from the right, as GS1 has it.</summary>
    public static int CheckDigit(ReadOnlySpan<char> digits)
    {
        var sum = 0;
        for (var index = 0; index < digits.Length; index++)
            sum += (digits[^(index + 1)] - '0') * (index % 2 == 0 ? 3 : 1);
        return (10 - sum % 10) % 10;
    }

    private static string TrackingNumber(Guid shipmentId)
    {
        var number = BinaryPrimitives.ReadUInt128BigEndian(SHA256.HashData(shipmentId.ToByteArray(bigEndian: true)));
        var digits = TrackingPrefix + (number % UInt128.Parse("1" + new string('0', TrackingSerialDigits))).ToString($"D{TrackingSerialDigits}");
        return digits + CheckDigit(digits);
    }

    private static string Service(string serviceLevel) => serviceLevel switch
    {
        "expedited" => "Sandbox Two Day",
        "express" => "Sandbox Overnight",
        "same_day" => "Sandbox Same Day",
        _ => "Sandbox Ground",
    };
}
