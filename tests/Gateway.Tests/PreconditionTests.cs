using Microsoft.AspNetCore.Http;
using Oms.ServiceDefaults;

namespace Oms.Gateway.Tests;

/// <summary>RFC 9110, 13.1.1 and 13.1.2, for what is there at version 3 and for what is not.</summary>
public sealed class PreconditionTests
{
    [Theory]
    [InlineData(null, null, null)]
    [InlineData("\"3\"", null, null)]
    [InlineData("\"1\", \"3\"", null, null)]
    [InlineData("*", null, null)]
    [InlineData("\"2\"", null, "stale-version")]
    [InlineData("W/\"3\"", null, "stale-version")]
    [InlineData("3", null, "stale-version")]
    [InlineData("'", null, "stale-version")]
    [InlineData("\"99999999999999999999\"", null, "stale-version")]
    [InlineData(null, "\"2\"", null)]
    [InlineData(null, "'", null)]
    [InlineData(null, "\"3\"", "exists-already")]
    [InlineData(null, "\"1\", W/\"3\"", "exists-already")]
    [InlineData(null, "*", "exists-already")]
    public void what_is_there_is_changed_only_as_it_was_seen(string? ifMatch, string? ifNoneMatch, string? refused) =>
        Objection(ifMatch, ifNoneMatch, exists: true, version: 3).ShouldBe(refused);

    [Theory]
    [InlineData(null, null, null)]
    [InlineData(null, "*", null)]
    [InlineData(null, "\"3\"", null)]
    [InlineData("\"3\"", null, "stale-version")]
    [InlineData("*", null, "stale-version")]
    public void what_is_not_there_was_seen_by_nobody(string? ifMatch, string? ifNoneMatch, string? refused) =>
        Objection(ifMatch, ifNoneMatch, exists: false, version: 0).ShouldBe(refused);

    private static string? Objection(string? ifMatch, string? ifNoneMatch, bool exists, long version)
    {
        var context = new DefaultHttpContext();
        context.Request.Headers.IfMatch = ifMatch;
        context.Request.Headers.IfNoneMatch = ifNoneMatch;
        return context.Precondition()?.Objection(exists, version)?.Code;
    }
}
