using Oms.Kernel;

namespace Oms.Returns.Domain;

/// <summary>Every "no" of this service.</summary>
public static class ReturnRefusals
{
    public static Refusal NotFound(Guid returnId) => Refusal.NotFound("return-not-found", $"There is no return {returnId}.");

    public static Refusal OrderNotFound(Guid orderId) => Refusal.NotFound("order-not-found", $"There is no order {orderId} here.");

    public static Refusal ForeignLocation(string locationId) => new Complaints().If(true, "locationId", "is not a location of yours")
        .ToRefusal("foreign-location", $"You cannot receive goods at {locationId}.")!;

    public static Refusal UnknownLine(int line) => Refusal.Invalid("unknown-line", $"There is no line {line}.");

    public static Refusal NotDelivered(int line) => Refusal.Invalid("not-delivered", $"Nothing of line {line} has been delivered yet.");

    public static Refusal NothingLeftToReturn(int line, int delivered) => Refusal.Invalid(
        "nothing-left-to-return", $"All {delivered} delivered pieces of line {line} are in other returns.");

    public static Refusal QuantityTooLarge(int line, int wanted, int left) => Refusal.Invalid(
        "return-quantity-too-large", $"{wanted} pieces of line {line} are wanted, {left} can be returned.");

    public static Refusal ReceivedTooMany(int line, long received, int approved) => Refusal.Invalid(
        "received-too-many", $"{received} pieces of line {line} are said to be received, {approved} were approved.");

    public static Refusal NotApproved(string number) => Refusal.Conflict("return-not-approved", $"{number} has not been approved yet.");

    public static Refusal AlreadyApproved(string number) => Refusal.Conflict("return-already-approved", $"{number} has been approved: cancel it instead.");

    public static Refusal AlreadyReceived(string number) => Refusal.Conflict("return-already-received", $"The goods of {number} have been received.");

    public static Refusal ReceivedDifferently(string number) => Refusal.Conflict(
        "return-received-differently", $"The goods of {number} have been received with another content.");

    public static Refusal Declined(string number) => Refusal.Conflict("return-declined", $"{number} has been declined.");

    public static Refusal Canceled(string number) => Refusal.Conflict("return-canceled", $"{number} has been canceled.");
}
