using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Oms.ServiceDefaults;

namespace Oms.Customer.Tests;

/// <summary>What a service says first to its broker.</summary>
public sealed class BrokerTlsTests : IDisposable
{
    private readonly TcpListener broker = new(IPAddress.Loopback, 0);

    public BrokerTlsTests() => broker.Start();

    [Theory]
    [InlineData("amqp", (byte)'A')]     // AMQP 0-9-1
    [InlineData("amqps", (byte)0x16)]   // a handshake
    public async Task an_amqps_address_speaks_tls(string scheme, byte first)
    {
        await using var service = Start(scheme);
        using var connection = await broker.AcceptTcpClientAsync();

        var said = new byte[1];
        await connection.GetStream().ReadExactlyAsync(said);
        said.ShouldBe([first]);
    }

    [Fact]
    public async Task a_broker_whose_certificate_nobody_vouches_for_is_told_nothing()
    {
        using var key = RSA.Create(2048);
        var now = TimeProvider.System.GetUtcNow();
        using var unknown = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSelfSigned(now.AddHours(-1), now.AddDays(1));
        await using var service = Start("amqps");
        using var connection = await broker.AcceptTcpClientAsync();
        await using var tls = new SslStream(connection.GetStream());

        (await Heard(tls, unknown)).ShouldBe(0);
        // Not for want of a common language: it began a handshake.
        tls.IsAuthenticated.ShouldBeTrue();
    }

    public void Dispose() => broker.Dispose();

    private static async Task<int> Heard(SslStream tls, X509Certificate2 certificate)
    {
        try
        {
            await tls.AuthenticateAsServerAsync(certificate);
            return await tls.ReadAsync(new byte[16]);
        }
        catch (Exception refused) when (refused is IOException or AuthenticationException)
        {
            return 0;
        }
    }

    private WebApplication Start(string scheme)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection([new("ConnectionStrings:messaging", $"{scheme}://oms:secret@localhost:{((IPEndPoint)broker.LocalEndpoint).Port}")]);
        builder.AddBus(_ => { });
        var service = builder.Build();
        // It tries until it is stopped.
        _ = service.Services.GetRequiredService<IBusControl>().StartAsync(TestContext.Current.CancellationToken);
        return service;
    }
}
