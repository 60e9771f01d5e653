using System.Net;
using System.Net.Http.Json;

namespace Oms.SystemTests.Faults;

/// <summary>What was answered 202 is done, and done once, whoever dies.</summary>
[Collection(typeof(FaultCollection))]
public sealed class AcceptedTests(FaultPlatform platform)
{
    private const int Receipts = 24;

    [Fact]
    public async Task Accepted_requests_are_done_once_although_processes_die_in_the_middle_of_them()
    {
        var merchant = Merchant.Of(platform.Platform);
        var (location, sku) = (await merchant.Location(), await merchant.Item());
        // After the commit of what was asked for, and before its answer is kept.
        platform.CrashAt("inventory", "after-commit", pass: 3);
        var accepted = await Task.WhenAll(Enumerable.Range(0, Receipts).Select(_ => Receive(merchant.Http, location, sku)));

        await Task.WhenAll(accepted.Select(answer => PatientCaller.Until($"{answer}", async () => await Result(merchant.Http, answer))));

        platform.HasStruck("inventory", "after-commit").ShouldBeTrue();
        await merchant.When($"/v1/inventory/{sku}/levels/{location}", level => level["available"]!.GetValue<int>() == Receipts);
        await platform.WholeAgain(TestContext.Current.CancellationToken);
    }

    // Whoever gets no answer asks again, under the same key.
    private static Task<Uri> Receive(HttpClient http, string location, string sku)
    {
        var key = $"{Guid.CreateVersion7()}";
        return PatientCaller.Until("A receipt", async () =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/inventory/receipts")
            {
                Content = JsonContent.Create(new { locationId = location, lines = new[] { new { sku, quantity = 1 } } }),
                Headers = { { "Prefer", "respond-async" }, { "Idempotency-Key", key } },
            };
            using var response = await http.SendAsync(request);
            return (response.StatusCode == HttpStatusCode.Accepted ? response.Headers.Location : null, $"{response.StatusCode}");
        });
    }

    private static async Task<(object? Found, string Seen)> Result(HttpClient http, Uri accepted)
    {
        using var response = await http.GetAsync(accepted);
        if (response.StatusCode != HttpStatusCode.OK)
            return (null, $"{response.StatusCode}");
        response.Headers.GetValues("AsyncResult").ShouldBe(["201"]);
        return ("", "");
    }
}
