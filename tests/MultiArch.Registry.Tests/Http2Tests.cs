using MultiArch.Oci.Registry.Transport;
using MultiArch.Testing;

namespace MultiArch.Registry.Tests;

/// <summary>A connection that ends is not the request's end.</summary>
[TestClass]
public sealed class Http2Tests(TestContext context) : TransportTest(context)
{
    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [TestProperty("Catalogue", "20")]
    [DataRow("goaway"), DataRow("421")]
    public async Task What_a_connection_did_not_serve_is_asked_on_another_one(string behaviour)
    {
        using var authority = new TestCertificateAuthority();
        using var certificate = authority.IssueServerOf("registry.test");
        using var registry = new Http2Server(certificate, "registry.test", connection => connection == 1 ? behaviour : "200");

        Assert.AreEqual("", await AskAsync(Reach(authority), registry.Address));

        Assert.AreEqual(2, registry.Connections);
        Assert.HasCount(1, Retries);
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [TestProperty("Catalogue", "20")]
    public async Task A_stream_that_is_reset_is_opened_again()
    {
        using var authority = new TestCertificateAuthority();
        using var certificate = authority.IssueServerOf("registry.test");
        var requests = 0;
        using var registry = new Http2Server(certificate, "registry.test", _ => Interlocked.Increment(ref requests) == 1 ? "reset" : "200");

        Assert.AreEqual("", await AskAsync(Reach(authority), registry.Address));

        Assert.AreEqual(2, requests);
    }

    private RegistryTransport Reach(TestCertificateAuthority authority) => Transport(Options with
    {
        Network = new TestNetwork { Names = { ["registry.test"] = "203.0.113.5" } },
        CertificateAuthorities = [authority.Certificate],
    });
}
