using System.Collections.Immutable;
using CsCheck;
using Oms.Kernel;
using Oms.Returns.Domain;
using Oms.Returns.Features;

namespace Oms.Returns.Tests;

/// <summary>Anything in any order: deliveries, requests, decisions, receipts and answers for returns of one order.</summary>
public sealed class ReturnProperties
{
    private const int Lines = 3;

    private enum Kind { Place, Deliver, Request, Approve, Decline, Cancel, Receive, Refund, Reject, Restock }

    private sealed record Step(Kind Kind, int Which, int Line, int Quantity, Disposition Disposition);

    private static readonly Gen<Step> AnyStep = Gen.Select(
        Gen.Enum<Kind>(), Gen.Int[0, 3], Gen.Int[1, Lines], Gen.Int[1, 3], Gen.Enum<Disposition>(), (kind, which, line, quantity, disposition) =>
            new Step(kind, which, line, quantity, disposition));

    [Fact]
    public void no_piece_is_ever_in_two_returns() => AnyStep.Array[1, 60].Sample(steps =>
    {
        var world = new World();
        foreach (var step in steps)
        {
            world.Take(step);
            world.Check();
        }
    });

    [Fact]
    public void a_step_taken_twice_is_taken_once() => AnyStep.Array[1, 40].Sample(steps =>
    {
        var (once, twice) = (new World(), new World());
        foreach (var step in steps)
        {
            once.Take(step);
            twice.Take(step);
            if (step.Kind != Kind.Request)          // each request is a new return; the Idempotency-Key makes a repeat one
                twice.Take(step);
        }
        twice.Told().ShouldBe(once.Told());
    });

    /// <summary>The deciders over streams in memory, one transaction per step.</summary>
    private sealed class World
    {
        private readonly List<Return> returns = [];
        private ReturnableOrder? order;

        public void Take(Step step)
        {
            var id = new Guid(step.Which, 0, 0, [0, 0, 0, 0, 0, 0, 0, 1]);
            switch (step.Kind)
            {
                case Kind.Place:
                    ImmutableArray<OrderedLine> lines = [.. Enumerable.Range(1, Lines).Select(n => new OrderedLine(n, $"S{n}", 9, 9m))];
                    Tell(RecordOrderSlice.Decide(new(Given.Order, "#1", "EUR", lines, Given.Noon, null), order));
                    break;
                case Kind.Deliver:
                    Tell(RecordDeliverySlice.Decide(new(Given.Order, id, [new(step.Line, $"S{step.Line}", step.Quantity)], Given.Noon, null), order));
                    break;
                case Kind.Request:
                    var command = Given.Request((step.Line, step.Quantity), (step.Line % Lines + 1, 1)) with { ReturnId = Guid.CreateVersion7() };
                    var claimed = RequestReturnSlice.Decide(command, order);
                    claimed.Events.IsEmpty.ShouldBe(claimed.Refusal is not null);
                    Tell(claimed);
                    if (claimed.Refusal is null)
                        returns.Add(Return.After(null, RequestReturnSlice.Begin(command, "RMA-1001", order!)));
                    break;
                default:
                    if (step.Which < returns.Count)
                        Change(step, id);
                    break;
            }
        }

        public void Check()
        {
            foreach (var (number, line) in order?.Lines ?? ImmutableSortedDictionary<int, ReturnableLine>.Empty)
            {
                var live = returns.Where(it => it.Status is not (ReturnStatus.Declined or ReturnStatus.Canceled)).Sum(it => it.ReceivedAt is null
                    ? it.Lines.Where(part => part.Line == number).Sum(part => part.Quantity)
                    : it.Received.Where(part => part.Line == number).Sum(part => part.Quantity));
                line.Claimed.ShouldBe(live);
                line.Left.ShouldBeGreaterThanOrEqualTo(0);
            }
            foreach (var closed in returns.Where(it => it.Status == ReturnStatus.Closed))
                closed.IsSettled().ShouldBeTrue();
        }

        public string Told() => System.Text.Json.JsonSerializer.Serialize(new
        {
            order,
            returns = returns.Select(it => it with { Id = Guid.Empty }),
        });

        private void Change(Step step, Guid id)
        {
            var before = returns[step.Which];
            var decision = step.Kind switch
            {
                Kind.Approve => ApproveReturnSlice.Decide(new(before.Id, Given.Noon), before),
                Kind.Decline => DeclineReturnSlice.Decide(new(before.Id, "no", Given.Noon), before),
                Kind.Cancel => CancelReturnSlice.Decide(new(before.Id, Given.Noon), before),
                Kind.Receive => ReceiveReturnSlice.Decide(Given.Receive((step.Line, step.Quantity, step.Disposition)) with { ReturnId = before.Id }, before),
                Kind.Refund => RecordAnswersSlice.Decide(new RecordRefund(before.Id, id, 9m, "EUR", Given.Noon), before),
                Kind.Reject => RecordAnswersSlice.Decide(new RecordRefundRejection(before.Id, "no", Given.Noon), before),
                Kind.Restock => RecordAnswersSlice.Decide(new RecordRestock(before.Id, Given.Noon), before),
                _ => throw new InvalidOperationException(),
            };
            var after = Fold.All(decision.Events, before)!;
            returns[step.Which] = after;
            foreach (var happened in decision.Events)
                if (happened is ReturnDeclined or ReturnCanceled)
                    Tell(Claims.Release(after, Claims.All(after), Given.Noon));
                else if (happened is ReturnReceived)
                    Tell(Claims.Release(after, Claims.NotReceived(after), Given.Noon));
        }

        private void Tell(Decision<IReturnableOrderEvent> decision) => order = Fold.All(decision.Events, order);
    }
}
