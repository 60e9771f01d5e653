using Oms.Orders.Fulfillment;

namespace Oms.Orders.Tests.Process;

public sealed class DiagramTests
{
    private const string Write = "OMS_WRITE_DOCS";
    private const string Page = "docs/fulfillment-process.md";

    [Fact]
    public void the_page_is_fresh()
    {
        var page = DiagramPage.Write();
        if (Repository.Writes(Write))
            File.WriteAllText(Repository.File(Page), page);

        File.ReadAllText(Repository.File(Page)).ShouldBe(page, $"{Page} is stale: run these tests once with {Write}=1 and commit it.");
    }

    [Fact]
    public void every_state_has_a_sentence()
    {
        var machine = new FulfillmentProcess();
        DiagramPage.States.Keys.ShouldBe(machine.States.Except([machine.Initial, machine.Final]).Select(it => it.Name), ignoreOrder: true);
    }

    [Fact]
    public void an_order_begins_held_or_asking_for_its_money() =>
        DiagramPage.Beginnings().Select(it => it.To).ShouldBe(["Authorizing", "Held"]);

    [Fact]
    public void every_state_can_be_reached_and_left()
    {
        var machine = new FulfillmentProcess();
        var arrows = Transitions.Of(machine);
        foreach (var state in DiagramPage.States.Keys)
        {
            arrows.Concat(DiagramPage.Beginnings()).ShouldContain(it => it.To == state && it.From != state);
            arrows.Any(it => it.From == state && it.To != state).ShouldBe(state is not ("Completed" or "Canceled"), state);
        }
    }
}
