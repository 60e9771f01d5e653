using System.Collections.Immutable;
using Oms.Orders.Domain;
using Oms.ServiceDefaults;

namespace Oms.Orders.Fulfillment;

/// <summary>Where an order's process stands, and the ids under which it waits for answers. Pieces and money are the <see cref="Order"/>'s.</summary>
public sealed class FulfillmentState : IMartenSaga
{
    public Guid CorrelationId { get; set; }

    public string CurrentState { get; set; } = "";

    public int Version { get; set; }

    public DateTimeOffset? DueAt { get; set; }

    public string? TraceParent { get; set; }

    /// <summary>How often the current question has been asked again.</summary>
    public int Reminders { get; set; }

    /// <summary>The plan that is asked for or being carried out; an answer to an earlier one is old news.</summary>
    public Guid RoutingId { get; set; }

    public int RoutingAttempt { get; set; }

    /// <summary>Rejected reservations since stock was last found: views that differ must not send an order around for ever.</summary>
    public int RejectionsInARow { get; set; }

    /// <summary>What was routed and is being reserved.</summary>
    public ImmutableArray<Assignment> Plan { get; set; } = [];

    public Guid ReservationId { get; set; }

    public int BackorderAttempt { get; set; }

    public ImmutableArray<string> ExcludedLocations { get; set; } = [];

    public ImmutableArray<Shortage> Shortages { get; set; } = [];
}
