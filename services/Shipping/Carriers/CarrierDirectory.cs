using Microsoft.AspNetCore.Http.HttpResults;
using Oms.Kernel;
using Oms.ServiceDefaults;

namespace Oms.Shipping.Carriers;

/// <summary>The carriers that parcels can be given to.</summary>
public sealed partial class CarrierDirectory(IEnumerable<ICarrier> carriers, ILogger<CarrierDirectory> log)
{
    public const string Unavailable = "carrier-unavailable";

    private readonly Dictionary<string, ICarrier> byName = carriers.ToDictionary(it => it.Name);

    /// <summary>Takes what nobody chose a carrier for.</summary>
    public ICarrier Default { get; } = carriers.First();

    public ICarrier? Find(string name) => byName.GetValueOrDefault(name);

    /// <summary>Null when the carrier does not answer: then nothing may be committed that needs the label.</summary>
    public async Task<Label?> Buy(ICarrier carrier, Parcel parcel, CancellationToken token)
    {
        try
        {
            return await carrier.Buy(parcel, token);
        }
        catch (CarrierUnavailableException error)
        {
            DidNotAnswer(log, error, carrier.Name, parcel.ShipmentId);
            return null;
        }
    }

    public static Refusal Unknown(string name) => Refusal.Invalid("unknown-carrier", $"There is no carrier {name}.");

    public static string DetailOf(ICarrier carrier) => $"{carrier.Name} does not answer. Nothing was changed: try again.";

    public static ProblemHttpResult Problem(ICarrier carrier, HttpContext http)
    {
        http.Response.Headers.RetryAfter = "1";
        return TypedResults.Problem(Problems.Problem(503, Unavailable, DetailOf(carrier)));
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Carrier {Carrier} sold no label for shipment {ShipmentId}; nothing is changed")]
    private static partial void DidNotAnswer(ILogger log, Exception error, string carrier, Guid shipmentId);
}
