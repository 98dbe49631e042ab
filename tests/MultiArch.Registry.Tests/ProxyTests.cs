using System.Net;
using System.Net.Sockets;
using System.Text;
using MultiArch.Oci;
using MultiArch.Oci.Registry.Transport;
using MultiArch.Testing;

namespace MultiArch.Registry.Tests;

/// <summary>A proxy between us and the registry.</summary>
[TestClass]
public sealed class ProxyTests(TestContext context) : TransportTest(context)
{
    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    public async Task A_proxy_that_cannot_be_reached_is_named_without_who_asks_it()
    {
        using var nobody = new TcpListener(IPAddress.Loopback, 0);
        nobody.Start();
        var port = ((IPEndPoint)nobody.LocalEndpoint).Port;
        nobody.Stop();

        var exception = await RegistryAssert.FailsAsync(
            () => AskAsync(Through(port), "registry.test"), DiagnosticCodes.RegistryUnreachable, $"The proxy 127.0.0.1:{port} on the way to registry.test cannot be reached", "HTTPS_PROXY");

        Assert.DoesNotContain("secret", exception.ToString());
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [DataRow("407 Proxy Authentication Required", false)]
    [DataRow("403 Forbidden", false)]
    [DataRow("503 Service Unavailable", true)]
    public async Task A_proxy_that_lets_nobody_through_is_told(string status, bool isTriedAgain)
    {
        using var proxy = new TcpListener(IPAddress.Loopback, 0);
        proxy.Start();
        _ = RefuseAsync(proxy, status);

        var exception = await RegistryAssert.FailsAsync(
            () => AskAsync(Through(((IPEndPoint)proxy.LocalEndpoint).Port), "registry.test"), DiagnosticCodes.RegistryUnreachable, $"answered {status[..3]} and did not let us through to registry.test");

        Assert.AreEqual(isTriedAgain, Retries.Any());
        Assert.DoesNotContain("secret", exception.ToString());
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    public async Task A_registry_on_this_machine_is_asked_without_it()
    {
        using var registry = new ScriptedRegistry { Otherwise = new Reply(200, "ok") };

        Assert.AreEqual("ok", await AskAsync(Through(port: 1), registry.Address));
    }

    private RegistryTransport Through(int port) =>
        Transport(Options with { Proxy = new WebProxy($"http://me:secret@127.0.0.1:{port}") { Credentials = new NetworkCredential("me", "secret") } });

    private static async Task RefuseAsync(TcpListener proxy, string status)
    {
        try
        {
            while (true)
            {
                using var client = await proxy.AcceptTcpClientAsync();
                var stream = client.GetStream();
                _ = await stream.ReadAsync(new byte[4096]);
                await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"));
            }
        }
        catch (Exception e) when (e is SocketException or IOException or ObjectDisposedException)
        {
            // The test is over.
        }
    }
}
