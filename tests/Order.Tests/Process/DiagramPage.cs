using System.Text;
using System.Text.RegularExpressions;
using MassTransit;
using Oms.Kernel;
using Oms.Orders.Domain;
using Oms.Orders.Features;
using Oms.Orders.Fulfillment;

namespace Oms.Orders.Tests.Process;

/// <summary>The page about the process, as the machine tells it.</summary>
internal static partial class DiagramPage
{
    private static readonly FulfillmentProcess Machine = new();

    /// <summary>In the order in which an order may come through them.</summary>
    public static readonly IReadOnlyDictionary<string, string> States = new Dictionary<string, string>
    {
        ["Held"] = "People must look at it, or somebody wants it to wait. Nothing new is asked for; what locations already work on goes on. Expires after 30 days.",
        ["Authorizing"] = "The payment gateway is asked whether the money is there, and asked again every two minutes; after five reminders the order is held as `payment_unknown`.",
        ["Routing"] = "Routing is asked where the open pieces should ship from, and reminded every minute.",
        ["Reserving"] = "Inventory is asked for the pieces of the plan, all or none, and reminded every minute. After ten rejections in a row the pieces queue for stock.",
        ["Backordered"] = "Nobody has what is still missing: it waits in Inventory's queue. It is looked for again after seconds, then ever more seldom, up to every six hours, and a missing capture is asked for again; after 30 days it is canceled.",
        ["Fulfilling"] = "Locations are picking and packing; some pieces may be backordered meanwhile. Every day without the last parcel is noted as overdue, and a missing capture is asked for again.",
        ["Canceling"] = "What has not left is being stopped, or the payment gateway's answer is awaited so that it can be voided.",
        ["Delivering"] = "Everything that will ship has left; parcels and money are on their way. A missing capture is asked for again every 15 minutes, a missing delivery is noted every week.",
        ["Completed"] = "Everything that shipped has arrived, and its money is here.",
        ["Canceled"] = "Nothing has shipped and nothing will; what was authorized is voided.",
    };

    public static IEnumerable<Transition> Beginnings()
    {
        foreach (var (risk, on) in ((RiskPolicy, string)[])[(new(), "OrderPlaced"), (new() { HoldFromTotal = 0 }, "OrderPlaced at risk")])
        {
            var order = Fold.All<Order, IOrderEvent>(PlaceOrderSlice.Decide(Given.Place, null, risk))!;
            yield return new("[*]", on, FulfillmentBeginning.Of(order, Given.Noon).CurrentState);
        }
    }

    private static IEnumerable<(string State, string Event, string Next)> Steps()
    {
        var (arrows, heard) = (Transitions.Of(Machine), Transitions.Heard(Machine));
        foreach (var state in States.Keys)
        foreach (var on in Machine.NextEvents(Machine.GetState(state)).Select(it => it.Name).Where(on => heard.Contains((state, on))).Order(StringComparer.Ordinal))
            yield return (state, on, string.Join(", ", arrows.Where(it => it.From == state && it.On == on).Select(it => it.To)));
    }

    public static string Write()
    {
        var page = new StringBuilder(
            """
            # The fulfillment process

            How an order gets from placed to the door. Generated from `services/Order/Fulfillment/FulfillmentProcess.cs`; a test fails when this page is stale. The state
            tells what happens to the pieces that nobody has been asked to ship yet: parcels, captures and deliveries of the others go on in every state. Where one event
            may lead to several states, conditions decide (`FulfillmentConditions.cs`); some of these arrows are precautions, such as from Fulfilling to Canceled, and
            are never taken.

            ```mermaid
            stateDiagram-v2

            """);
        foreach (var group in Beginnings().Concat(Transitions.Of(Machine)).GroupBy(it => (it.From, it.To)))
            page.Append($"    {group.Key.From} --> {group.Key.To} : {string.Join("<br/>", group.Select(it => Words(it.On)).Distinct())}\n");
        foreach (var final in (string[])["Completed", "Canceled"])
            page.Append($"    {final} --> [*]\n");
        page.Append(
            """
            ```

            ## States

            | state | |
            |---|---|

            """);
        foreach (var (state, sentence) in States)
            page.Append($"| {state} | {sentence} |\n");
        page.Append(
            """

            ## Events

            What is not listed is old news in that state and ignored, or cannot happen: `MatrixTests` names every such pair with its reason. Where nothing is
            named, the event is remembered, or the question asked again, and the state stays.

            | in | on | may go to |
            |---|---|---|

            """);
        foreach (var (state, on, next) in Steps())
            page.Append($"| {state} | {Words(on)} | {next} |\n");
        return page.ToString();
    }

    private static string Words(string name) => Capitals().Replace(name, " $0").ToLowerInvariant().Trim().Replace("  ", " ", StringComparison.Ordinal);

    [GeneratedRegex("[A-Z]", RegexOptions.None, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Capitals();
}
