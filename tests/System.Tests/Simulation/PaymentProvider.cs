using Oms.Orders.Payments;
using Oms.Contracts.Orders.V1;

namespace Oms.SystemTests.Simulation;

/// <summary>
/// The payment gateway, with books of its own. It answers a repeated transaction as it did first, refuses what no gateway would do, and remembers that
/// somebody asked for it.
/// </summary>
internal sealed class PaymentProvider(World world)
{
    private readonly Dictionary<Guid, PaymentResult> answers = [];
    private readonly Dictionary<string, Account> accounts = [];

    /// <summary>What nobody should have asked for.</summary>
    public List<string> Complaints { get; } = [];

    public sealed class Account
    {
        public decimal Authorized { get; init; }

        public decimal Captured { get; set; }

        public decimal Voided { get; set; }

        public decimal Refunded { get; set; }

        public bool IsVoided { get; set; }
    }

    public Account? Of(Guid authorization) => accounts.GetValueOrDefault(Reference(authorization));

    public IEnumerable<Account> Accounts => accounts.Values;

    public PaymentResult Authorize(AuthorizePayment m) => Once(m.TransactionId, Reference(m.TransactionId), mayDecline: true,
        _ => accounts.Add(Reference(m.TransactionId), new() { Authorized = m.Amount }), _ => null);

    public PaymentResult Capture(CapturePayment m) => Once(m.TransactionId, m.AuthorizationReference, mayDecline: true, it => it!.Captured += m.Amount, it =>
        it is null ? "unknown_authorization" : it.IsVoided ? "authorization_voided" : it.Captured + m.Amount > it.Authorized ? "exceeds_authorization" : null);

    public PaymentResult Void(VoidPayment m) => Once(m.TransactionId, m.AuthorizationReference, mayDecline: false,
        it => (it!.IsVoided, it.Voided) = (true, it.Authorized - it.Captured), it => it is null ? "unknown_authorization" : null);

    public PaymentResult Refund(RefundPayment m) => Once(m.TransactionId, m.AuthorizationReference, mayDecline: true, it => it!.Refunded += m.Amount, it =>
        it is null ? "unknown_authorization" : it.Refunded + m.Amount > it.Captured ? "exceeds_capture" : null);

    private static string Reference(Guid authorization) => $"auth_{authorization:N}";

    private PaymentResult Once(Guid transaction, string authorization, bool mayDecline, Action<Account?> move, Func<Account?, string?> wrong)
    {
        if (world.Dice.Chance(world.Network.Weather.GatewayIsSilent))
            throw new PaymentGatewayTimeoutException("The gateway did not hear.");
        if (!answers.TryGetValue(transaction, out var answer))
        {
            var account = accounts.GetValueOrDefault(authorization);
            if (wrong(account) is { } reason)
                Complaints.Add($"{reason} at {authorization}");
            else
                reason = mayDecline && world.Dice.Chance(world.Network.Weather.GatewayDeclines) ? "card_declined" : null;
            answers[transaction] = answer = reason is null
                ? PaymentResult.Done(account is null ? authorization : $"done_{transaction:N}")
                : PaymentResult.Declined(reason);
            if (reason is null)
                move(account);
        }
        return world.Dice.Chance(world.Network.Weather.GatewayTimesOut) ? throw new PaymentGatewayTimeoutException("Nobody heard the gateway.") : answer;
    }
}
