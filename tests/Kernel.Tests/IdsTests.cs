using CsCheck;

namespace Oms.Kernel.Tests;

public sealed class IdsTests
{
    // Computed by another implementation of RFC 9562; orders are found by these ids for ever.
    [Fact]
    public void the_same_parts_give_the_same_id_for_ever()
    {
        Ids.Derive("order").ShouldBe(new Guid("93ab7908-0e56-5dad-af9b-adb09ca4e823"));
        Ids.Derive("order", "amazon", "A-1").ShouldBe(new Guid("ee45ddaf-4197-5be7-97ab-6786c242cede"));
        Ids.Derive("customer", "zoë@example.com").ShouldBe(new Guid("5457f484-b775-5448-b6cb-e2214b27d1b3"));
    }

    [Fact]
    public void a_shifted_boundary_gives_another_id()
    {
        Ids.Derive("order", "a", "bc").ShouldBe(new Guid("b8ea5399-a034-5ab5-9d33-3031aea53cd2"));
        Ids.Derive("order", "ab", "c").ShouldBe(new Guid("61e65655-5e57-5a1a-8b78-e93a95843c50"));
    }

    [Fact]
    public void different_parts_give_different_ids() =>
        Gen.Select(Gen.String.Array[0, 4], Gen.String.Array[0, 4]).Where((left, right) => !left.SequenceEqual(right))
            .Sample((left, right) => Ids.Derive("x", left) != Ids.Derive("x", right));

    [Fact]
    public void is_a_version_5_uuid() => Gen.String.Sample(part =>
    {
        var id = Ids.Derive("order", part);
        id.Version.ShouldBe(5);
        (id.Variant & 0b1100).ShouldBe(0b1000);
    });
}
