using System.Buffers.Text;
using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Shouldly;

namespace Oms.Testing;

/// <summary>A browser without scripts, in front of an application that people sign in to.</summary>
public sealed partial class Browser(Uri gateway, CookieContainer cookies) : IDisposable
{
    public const string Application = "https://app.example/callback";

    private readonly HttpClient client = new(new HttpClientHandler { AllowAutoRedirect = false, CookieContainer = cookies, CheckCertificateRevocationList = true }) { BaseAddress = gateway };
    private readonly string verifier = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    public Browser(Uri gateway) : this(gateway, new())
    {
    }

    /// <summary>What is shown.</summary>
    public string Page { get; private set; } = "";

    public HttpResponseMessage Answer { get; private set; } = null!;

    /// <summary>Where the browser has gone.</summary>
    public Uri At { get; private set; } = gateway;

    /// <summary>The code that the application was given.</summary>
    public string? Code => Parameter("code");

    public static string Authorize(string challenge, string more = "") =>
        $"/connect/authorize?response_type=code&client_id=oms-app&redirect_uri={Uri.EscapeDataString(Application)}&scope=openid%20profile%20email%20offline_access&state=1"
        + $"&code_challenge={challenge}&code_challenge_method=S256{more}";

    /// <summary>The same browser, after the name has come to mean another process: cookies do not know of ports.</summary>
    public Browser Move(Uri other) => new(other, cookies);

    /// <summary>What the application gets back; null when it is something else.</summary>
    public string? Parameter(string name) => At.ToString().StartsWith(Application, StringComparison.Ordinal)
        ? System.Web.HttpUtility.ParseQueryString(At.Query)[name] : null;

    /// <summary>The application sends the browser to sign in.</summary>
    public Task Begin(string more = "") => Open(Authorize(Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(verifier))), more));

    public Task Open(string path) => Follow(client.GetAsync(path));

    /// <summary>Fills in the form that is shown, and sends it.</summary>
    public Task Send(params (string Name, string Value)[] fields)
    {
        var form = Form().Match(Page);
        form.Success.ShouldBeTrue(Page);
        var hidden = Hidden().Matches(form.Value).Select(it => (it.Groups["name"].Value, WebUtility.HtmlDecode(it.Groups["value"].Value)));
        return Follow(client.PostAsync(form.Groups["action"].Value, Fields([.. hidden, .. fields])));
    }

    /// <summary>Signs in with a password that a person has chosen.</summary>
    public async Task SignIn(string email, string password)
    {
        await Begin();
        await Send(("email", email), ("password", password));
    }

    /// <summary>The application exchanges its code, or its refresh token.</summary>
    public async Task<JsonObject> Tokens(string? code = null, string? refreshToken = null)
    {
        using var answer = await client.PostAsync("/connect/token", refreshToken is not null
            ? Fields(("grant_type", "refresh_token"), ("client_id", "oms-app"), ("refresh_token", refreshToken))
            : Fields(("grant_type", "authorization_code"), ("client_id", "oms-app"), ("code", code ?? Code!), ("redirect_uri", Application), ("code_verifier", verifier)));
        return (await answer.Content.ReadFromJsonAsync<JsonObject>())!;
    }

    public void Dispose() => client.Dispose();

    private async Task Follow(Task<HttpResponseMessage> request)
    {
        Answer = await request;
        while (Answer.Headers.Location is { } location)
        {
            At = new Uri(client.BaseAddress!, location);
            if (At.Authority != client.BaseAddress!.Authority)
                return;
            Answer = await client.GetAsync(At);
        }
        Page = await Answer.Content.ReadAsStringAsync();
    }

    private static FormUrlEncodedContent Fields(params (string Name, string Value)[] fields) => new(fields.Select(it => KeyValuePair.Create(it.Name, it.Value)));

    [GeneratedRegex("""<form method="post" action="(?<action>[^"]+)">.*?</form>""", RegexOptions.ExplicitCapture | RegexOptions.Singleline, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Form();

    [GeneratedRegex("""<input type="hidden" name="(?<name>[^"]+)" value="(?<value>[^"]*)">""", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Hidden();
}

/// <summary>An authenticator app: RFC 6238.</summary>
public static class AuthenticatorApp
{
    private const string Base32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    /// <param name="ahead">Of now, in steps of 30 seconds.</param>
    public static string Code(string secret, int ahead = 0)
    {
        var bits = string.Concat(secret.Select(it => Convert.ToString(Base32.IndexOf(it), 2).PadLeft(5, '0')));
        byte[] key = [.. bits.Chunk(8).Where(it => it.Length == 8).Select(it => Convert.ToByte(new string(it), 2))];
        var step = BitConverter.GetBytes(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() / 30 + ahead);
        Array.Reverse(step);
#pragma warning disable CA5350 // It is what these apps compute.
        var hash = HMACSHA1.HashData(key, step);
#pragma warning restore CA5350
        var at = hash[^1] & 15;
        var number = ((hash[at] & 127) << 24) | (hash[at + 1] << 16) | (hash[at + 2] << 8) | hash[at + 3];
        return (number % 1_000_000).ToString("D6");
    }
}
