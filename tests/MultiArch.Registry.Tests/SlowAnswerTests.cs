using System.Net;
using System.Net.Sockets;
using System.Text;
using MultiArch.Oci;
using MultiArch.Oci.Registry.Transport;

namespace MultiArch.Registry.Tests;

/// <summary>Answers that are read whole, from a server that is never silent and never done.</summary>
[TestClass]
public sealed class SlowAnswerTests(TestContext context) : TransportTest(context)
{
    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    public async Task One_that_comes_by_drops_is_given_up()
    {
        await RegistryAssert.FailsAsync(() => AskAsync("200 OK"), DiagnosticCodes.RegistryBroke, "asked to read the manifest 1.0 of app, had not finished its answer after 1.5 s");
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    public async Task The_status_of_an_error_is_told_without_its_explanation()
    {
        await RegistryAssert.FailsAsync(() => AskAsync("404 Not Found"), DiagnosticCodes.RegistryRefused, "refused it with 404.");
    }

    private async Task<string> AskAsync(string status)
    {
        using var registry = new TcpListener(IPAddress.Loopback, 0);
        registry.Start();
        _ = DripAsync(registry, status);
        return await AskAsync(
            Transport(Options with { IdleTimeout = TimeSpan.FromSeconds(0.5), Retries = RetryLimits.None }), registry.LocalEndpoint.ToString()!);
    }

    private async Task DripAsync(TcpListener registry, string status)
    {
        try
        {
            using var client = await registry.AcceptTcpClientAsync(CancellationToken);
            var stream = client.GetStream();
            _ = await stream.ReadAsync(new byte[4096], CancellationToken);
            await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n"), CancellationToken);
            while (true)
            {
                await stream.WriteAsync(" "u8.ToArray(), CancellationToken);
                await Task.Delay(50, CancellationToken);
            }
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // It was left, or the test is over.
        }
    }
}
