using Npgsql;
using Oms.ServiceDefaults;
using Weasel.Postgresql;
using Weasel.Postgresql.Tables;

namespace Oms.Orders.Payments;

/// <summary>
/// A payment gateway for development and tests, behind the same interface as a real one, with a ledger of its own that never believes the caller: it
/// refuses to capture more than was authorized or to refund more than was captured, and answers a repeated transaction id as it did first.
/// </summary>
/// <remarks>
/// Tokens: <c>tok_visa</c> and every other one: approved. <c>tok_declined</c>, <c>tok_insufficient_funds</c>: declined with that reason.
/// <c>tok_fail_once</c>, <c>tok_timeout_once</c>: the authorization is made, but the first answer is lost. <c>tok_timeout</c>: never answers.
/// <c>tok_capture_declined</c>: authorized, but the first capture of each
/// parcel is declined.
/// </remarks>
public sealed class SandboxPaymentGateway(NpgsqlDataSource database) : IPaymentGateway
{
    private const string Name = $"{EventStore.Schema}.sandbox_payment";

    public static Table Table()
    {
        var table = new Table(new PostgresqlObjectName(EventStore.Schema, "sandbox_payment", SchemaUtils.IdentifierUsage.General));
        table.AddColumn<Guid>("transaction_id").AsPrimaryKey();
        table.AddColumn("authorization_id", "text").NotNull();
        table.AddColumn("kind", "text").NotNull();
        table.AddColumn("amount", "numeric").NotNull();
        table.AddColumn<string>("decline_reason");
        table.AddColumn("token", "text").NotNull();
        table.AddColumn("attempts", "int").NotNull();
        table.Indexes.Add(new IndexDefinition("sandbox_payment_authorization") { Columns = ["authorization_id"] });
        return table;
    }

    public async Task<PaymentResult> Authorize(Guid transactionId, string token, decimal amount, string currency, CancellationToken cancellation)
    {
        if (token == "tok_timeout")
            throw new PaymentGatewayTimeoutException("The sandbox does not answer for tok_timeout.");
        var reason = token switch
        {
            "tok_declined" => "card_declined",
            "tok_insufficient_funds" => "insufficient_funds",
            _ => null,
        };
        var attempts = await Record(transactionId, $"auth_{transactionId:N}", "authorization", amount, reason, token, cancellation);
        if (attempts == 1 && token is ("tok_timeout_once" or "tok_fail_once"))
            throw new PaymentGatewayTimeoutException($"The sandbox loses the first answer for {token}.");
        return reason is null ? PaymentResult.Done($"auth_{transactionId:N}") : PaymentResult.Declined(reason);
    }

    public Task<PaymentResult> Capture(Guid transactionId, string authorization, decimal amount, string currency, CancellationToken cancellation) =>
        Move(transactionId, authorization, "capture", amount, cancellation);

    public Task<PaymentResult> Void(Guid transactionId, string authorization, CancellationToken cancellation) =>
        Move(transactionId, authorization, "void", 0, cancellation);

    public Task<PaymentResult> Refund(Guid transactionId, string authorization, decimal amount, string currency, CancellationToken cancellation) =>
        Move(transactionId, authorization, "refund", amount, cancellation);

    private async Task<PaymentResult> Move(Guid transactionId, string authorization, string kind, decimal amount, CancellationToken cancellation)
    {
        var ledger = await Ledger(authorization, cancellation);
        if (ledger.Find(entry => entry.Id == transactionId) is { } before)
            return Answer(before);
        var reason = ledger switch
        {
            [] => "unknown_authorization",
            _ when kind == "capture" && ledger.Exists(entry => entry.Kind == "void") => "authorization_voided",
            _ when kind == "capture" && Sum(ledger, "capture") + amount > Sum(ledger, "authorization") => "exceeds_authorization",
            _ when kind == "refund" && Sum(ledger, "refund") + amount > Sum(ledger, "capture") => "exceeds_capture",
            _ when kind == "capture" && ledger[0].Token == "tok_capture_declined" && !ledger.Exists(entry => entry.Kind == "capture") => "card_declined",
            _ => null,
        };
        await Record(transactionId, authorization, kind, amount, reason, "", cancellation);
        return Answer(new(transactionId, kind, amount, reason, ""));
    }

    private static PaymentResult Answer(Entry entry) =>
        entry.DeclineReason is { } reason ? PaymentResult.Declined(reason) : PaymentResult.Done($"{entry.Kind}_{entry.Id:N}");

    private static decimal Sum(List<Entry> ledger, string kind) =>
        ledger.Where(entry => entry.Kind == kind && entry.DeclineReason is null).Sum(entry => entry.Amount);

    /// <returns>How often this transaction has been tried, this time included.</returns>
    private async Task<int> Record(
        Guid transactionId, string authorization, string kind, decimal amount, string? reason, string token, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(
            $"""
             insert into {Name} (transaction_id, authorization_id, kind, amount, decline_reason, token, attempts) values ($1, $2, $3, $4, $5, $6, 1)
             on conflict (transaction_id) do update set attempts = {Name}.attempts + 1 returning attempts
             """);
        command.Parameters.Add(new() { Value = transactionId });
        command.Parameters.Add(new() { Value = authorization });
        command.Parameters.Add(new() { Value = kind });
        command.Parameters.Add(new() { Value = amount });
        command.Parameters.Add(new() { Value = (object?)reason ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text });
        command.Parameters.Add(new() { Value = token });
        return (int)(await command.ExecuteScalarAsync(cancellation))!;
    }

    private async Task<List<Entry>> Ledger(string authorization, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(
            $"select transaction_id, kind, amount, decline_reason, token from {Name} where authorization_id = $1 order by kind = 'authorization' desc");
        command.Parameters.Add(new() { Value = authorization });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        List<Entry> entries = [];
        while (await reader.ReadAsync(cancellation))
            entries.Add(new(reader.GetGuid(0), reader.GetString(1), reader.GetDecimal(2),
                await reader.IsDBNullAsync(3, cancellation) ? null : reader.GetString(3), reader.GetString(4)));
        return entries;
    }

    private sealed record Entry(Guid Id, string Kind, decimal Amount, string? DeclineReason, string Token);
}
