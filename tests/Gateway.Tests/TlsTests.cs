using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Oms.Gateway.Tests;

/// <summary>The gateway's program with a certificate of its own, started as docs/deploy.md says.</summary>
public sealed class TlsTests(TlsGateway gateway) : IClassFixture<TlsGateway>
{
    [Theory]
    [InlineData("Tls12")]
    [InlineData("Tls13")]
    public async Task answers_over_the_versions_that_are_safe(string version)
    {
        using var client = gateway.Client(Enum.Parse<SslProtocols>(version));
        using var answer = await client.GetAsync(new Uri("https://oms.example.com/alive"));
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    /// <summary>The first byte of an answer: 0x16 goes on with the handshake, anything else ends it.</summary>
    [Theory]
    [InlineData(3, true)]
    [InlineData(2, false)]
    [InlineData(1, false)]
    public async Task does_not_go_on_with_older_ones(byte minor, bool goesOn)
    {
        var answer = await Raw(gateway.HttpsPort, ClientHello(minor), oneByteIsEnough: true);
        (answer is [0x16, ..]).ShouldBe(goesOn);
    }

    [Fact]
    public async Task does_not_speak_plain_http_where_it_speaks_tls()
    {
        var answer = await Raw(gateway.HttpsPort, "GET /alive HTTP/1.1\r\nHost: oms.example.com\r\nConnection: close\r\n\r\n"u8.ToArray());
        Encoding.ASCII.GetString(answer).ShouldNotContain("200 OK");
    }

    /// <summary>RFC 6797, 7.2: only over a secure transport.</summary>
    [Fact]
    public async Task tells_browsers_to_come_back_over_tls_only_where_they_came_over_it()
    {
        using var client = gateway.Client();
        using var secure = await client.GetAsync(new Uri("https://oms.example.com/alive"));
        secure.Headers.GetValues("Strict-Transport-Security").Single().ShouldStartWith("max-age=");

        using var plain = await client.GetAsync(new Uri("http://oms.example.com/alive"));
        plain.StatusCode.ShouldBe(HttpStatusCode.OK);
        plain.Headers.Contains("Strict-Transport-Security").ShouldBeFalse();
    }

    [Fact]
    public async Task a_renewed_certificate_is_taken_up_without_a_restart()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        var before = await gateway.Presented(patience.Token);

        await gateway.Renew();

        while (await gateway.Presented(patience.Token) == before)
            patience.Token.ThrowIfCancellationRequested();
    }

    private static async Task<byte[]> Raw(int port, byte[] request, bool oneByteIsEnough = false)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, port);
        await client.GetStream().WriteAsync(request);
        List<byte> answer = [];
        var part = new byte[1024];
        try
        {
            while (await client.GetStream().ReadAsync(part) is > 0 and var read)
            {
                answer.AddRange(part.AsSpan(0, read));
                if (oneByteIsEnough)
                    break;
            }
        }
        catch (IOException)
        {
            // Reset is a refusal, too.
        }

        return [.. answer];
    }

    /// <summary>RFC 5246, 7.4.1.2, as old as <paramref name="minor"/> says: no library here would send it.</summary>
    private static byte[] ClientHello(byte minor)
    {
        byte[] suites = [0xC0, 0x13, 0xC0, 0x2F, 0x00, 0x2F];
        byte[] extensions = [0, 10, 0, 4, 0, 2, 0, 23, 0, 11, 0, 2, 1, 0, 0, 13, 0, 6, 0, 4, 4, 1, 8, 4];
        byte[] body = [3, minor, .. RandomNumberGenerator.GetBytes(32), 0, 0, (byte)suites.Length, .. suites, 1, 0, 0, (byte)extensions.Length, .. extensions];
        byte[] message = [1, 0, 0, (byte)body.Length, .. body];
        return [0x16, 3, 1, 0, (byte)message.Length, .. message];
    }
}

/// <summary>The program, with secrets and certificate in folders as Kubernetes mounts them.</summary>
public sealed class TlsGateway : IAsyncLifetime
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("oms-tls-");
    private readonly X509Certificate2 authority = Authority();
    private readonly ConcurrentQueue<string> said = [];
    private readonly int httpPort = new Uri(Upstream.NoAddress).Port;
    private Process? program;

    public int HttpsPort { get; } = new Uri(Upstream.NoAddress).Port;

    public async ValueTask InitializeAsync()
    {
        await Mount("secrets", ("Oms__ApiKey", GatewayFixture.ApiKey), ("Oms__ServiceTokenKey", Convert.ToBase64String(GatewayFixture.TokenKey)));
        await Renew();
        var start = new ProcessStartInfo("dotnet", [Program]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        var settings = new Dictionary<string, string>
        {
            ["DOTNET_ENVIRONMENT"] = "Production",
            ["ASPNETCORE_ENVIRONMENT"] = "Production",
            ["OMS_SECRETS"] = In("secrets"),
            ["Kestrel__Endpoints__Https__Url"] = $"https://127.0.0.1:{HttpsPort}",
            ["Kestrel__Endpoints__Http__Url"] = $"http://127.0.0.1:{httpPort}",
            ["Kestrel__Certificates__Default__Path"] = In("tls", "tls.crt"),
            ["Kestrel__Certificates__Default__KeyPath"] = In("tls", "tls.key"),
        };
        foreach (var service in new[] { "order", "inventory", "routing", "shipping", "returns", "customer" })
            settings[$"services__{service}__http__0"] = Upstream.NoAddress;
        foreach (var (name, value) in settings)
            start.Environment[name] = value;

        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        program = new() { StartInfo = start, EnableRaisingEvents = true };
        program.OutputDataReceived += (_, line) =>
        {
            said.Enqueue(line.Data ?? "");
            if (line.Data?.Contains("Application started", StringComparison.Ordinal) is true)
                ready.TrySetResult();
        };
        program.ErrorDataReceived += (_, line) => said.Enqueue(line.Data ?? "");
        program.Exited += (_, _) => ready.TrySetException(new InvalidOperationException($"The gateway ended: {string.Join('\n', said)}"));
        program.Start();
        program.BeginOutputReadLine();
        program.BeginErrorReadLine();
        await ready.Task;
    }

    public async ValueTask DisposeAsync()
    {
        if (program is not null)
        {
            program.Kill();
            await program.WaitForExitAsync();
            program.Dispose();
        }

        authority.Dispose();
        folder.Delete(recursive: true);
    }

    /// <summary>Trusts the test's authority and nobody else, and finds every host here.</summary>
    public HttpClient Client(SslProtocols version = SslProtocols.None) => new(new SocketsHttpHandler
    {
        SslOptions = Trust(version),
        ConnectCallback = async (context, token) =>
        {
            var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, context.DnsEndPoint.Port == 443 ? HttpsPort : httpPort, token);
            return client.GetStream();
        },
    });

    /// <summary>The serial number of the certificate that a new connection is shown.</summary>
    public async Task<string> Presented(CancellationToken token)
    {
        while (true)
        {
            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync(IPAddress.Loopback, HttpsPort, token);
                await using var tls = new SslStream(client.GetStream());
                await tls.AuthenticateAsClientAsync(Trust(SslProtocols.None), token);
                return tls.RemoteCertificate!.GetSerialNumberString();
            }
            catch (Exception away) when (away is SocketException or IOException)
            {
                // It binds its port anew with the new certificate.
                token.ThrowIfCancellationRequested();
            }
        }
    }

    public async Task Renew()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=oms.example.com", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("oms.example.com");
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.Create(authority, authority.NotBefore, authority.NotAfter, RandomNumberGenerator.GetBytes(8));
        await Mount("tls", ("tls.key", key.ExportPkcs8PrivateKeyPem()), ("tls.crt", certificate.ExportCertificatePem()));
    }

    private static string Program
    {
        get
        {
            var configuration = Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
            return Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "Gateway", configuration, "Gateway.dll"));
        }
    }

    private static X509Certificate2 Authority()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=An authority for tests", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        var now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddHours(-1), now.AddDays(1));
    }

    private SslClientAuthenticationOptions Trust(SslProtocols version) => new()
    {
        TargetHost = "oms.example.com",
        EnabledSslProtocols = version,
        CertificateChainPolicy = new() { TrustMode = X509ChainTrustMode.CustomRootTrust, CustomTrustStore = { authority }, RevocationMode = X509RevocationMode.NoCheck },
    };

    private string In(params string[] parts) => Path.Combine([folder.FullName, .. parts]);

    /// <summary>Each name is a link through <c>..data</c>, and a new content is a new folder that <c>..data</c> is turned to at once.</summary>
    private async Task Mount(string name, params (string Name, string Text)[] files)
    {
        var version = Directory.CreateDirectory(In(name, $"..{Guid.CreateVersion7():N}"));
        foreach (var (file, text) in files)
        {
            await File.WriteAllTextAsync(Path.Combine(version.FullName, file), text);
            if (!File.Exists(In(name, file)))
                File.CreateSymbolicLink(In(name, file), Path.Combine("..data", file));
        }

        Directory.CreateSymbolicLink(In(name, "..data_tmp"), version.Name);
        using var turn = Process.Start("mv", ["-T", In(name, "..data_tmp"), In(name, "..data")]);
        await turn.WaitForExitAsync();
        turn.ExitCode.ShouldBe(0);
    }
}
