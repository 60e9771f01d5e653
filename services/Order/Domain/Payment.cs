using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Oms.Orders.Domain;

public enum TransactionStatus
{
    Pending, Succeeded, Failed,
}

public sealed record Capture(Guid TransactionId, Guid ShipmentId, decimal Amount, TransactionStatus Status);

public sealed record Refund(Guid TransactionId, Guid? ReturnId, ImmutableArray<Pieces> Lines, decimal Amount, TransactionStatus Status);

/// <summary>The money of an order, in its currency: one authorization, a capture for each parcel, refunds.</summary>
public sealed record Payment
{
    public static Payment None { get; } = new();

    /// <summary>The transaction of the authorization; null while none was asked for.</summary>
    public Guid? AuthorizationId { get; init; }

    /// <summary>How the payment gateway knows the authorization; null while there is none.</summary>
    public string? Reference { get; init; }

    public decimal Authorized { get; init; }

    public string? DeclineReason { get; init; }

    public bool IsVoidRequested { get; init; }

    public bool IsVoided { get; init; }

    public ImmutableArray<Capture> Captures { get; init; } = [];

    public ImmutableArray<Refund> Refunds { get; init; } = [];

    [JsonIgnore]
    public bool IsAuthorized => Reference is not null;

    [JsonIgnore]
    public decimal Captured => Captures.Where(capture => capture.Status == TransactionStatus.Succeeded).Sum(capture => capture.Amount);

    [JsonIgnore]
    public decimal Refunded => Refunds.Where(refund => refund.Status == TransactionStatus.Succeeded).Sum(refund => refund.Amount);

    /// <summary>What may still be refunded: refunds on their way count as gone.</summary>
    [JsonIgnore]
    public decimal Refundable => Captured - Refunds.Where(refund => refund.Status != TransactionStatus.Failed).Sum(refund => refund.Amount);

    /// <summary>Every parcel's money is here.</summary>
    [JsonIgnore]
    public bool IsCaptured => Captures.All(capture => capture.Status == TransactionStatus.Succeeded);

    public Refund Refund(Guid transactionId) => Refunds.Single(refund => refund.TransactionId == transactionId);

    public Payment After(IOrderEvent happened) => happened switch
    {
        PaymentAuthorizationRequested e => this with { AuthorizationId = e.TransactionId },
        PaymentAuthorized e => this with { Reference = e.Reference, Authorized = e.Amount },
        PaymentDeclined e => this with { DeclineReason = e.Reason },
        PaymentCaptureRequested e => this with
        {
            Captures = Captures.RemoveAll(capture => capture.ShipmentId == e.ShipmentId)
                .Add(new(e.TransactionId, e.ShipmentId, e.Amount, TransactionStatus.Pending)),
        },
        PaymentCaptured e => With(e.TransactionId, TransactionStatus.Succeeded),
        PaymentCaptureFailed e => With(e.TransactionId, TransactionStatus.Failed),
        PaymentVoidRequested => this with { IsVoidRequested = true },
        PaymentVoided => this with { IsVoided = true },
        RefundRequested e => this with { Refunds = Refunds.Add(new(e.TransactionId, e.ReturnId, e.Lines, e.Amount, TransactionStatus.Pending)) },
        PaymentRefunded e => WithRefund(e.TransactionId, TransactionStatus.Succeeded),
        RefundFailed e => WithRefund(e.TransactionId, TransactionStatus.Failed),
        _ => throw new InvalidOperationException($"{happened.GetType().Name} is not a fact of an order."),
    };

    private Payment With(Guid transactionId, TransactionStatus status)
    {
        var capture = Captures.Single(it => it.TransactionId == transactionId);
        return this with { Captures = Captures.Replace(capture, capture with { Status = status }) };
    }

    private Payment WithRefund(Guid transactionId, TransactionStatus status)
    {
        var refund = Refund(transactionId);
        return this with { Refunds = Refunds.Replace(refund, refund with { Status = status }) };
    }
}
