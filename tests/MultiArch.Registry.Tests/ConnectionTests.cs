using MultiArch.Oci;
using MultiArch.Oci.Registry.Transport;
using MultiArch.Testing;

namespace MultiArch.Registry.Tests;

/// <summary>A connection, with what is trusted there and who we said we are, serves the registry that it was made for.</summary>
[TestClass]
public sealed class ConnectionTests : TransportTest
{
    private const string Manifest = "/v2/app/manifests/1.0";

    private readonly TestCertificateAuthority _authority;
    private readonly TempDirectory _folder;
    private readonly TestNetwork _network = new() { Names = { ["registry.test"] = "203.0.113.5", ["other.test"] = "203.0.113.6", ["private.test"] = "10.0.0.5", ["storage.test"] = "10.1.2.3" } };

    public ConnectionTests(TestContext context)
        : base(context)
    {
        _authority = Own(new TestCertificateAuthority());
        _folder = Own(new TempDirectory());
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [DataRow(true), DataRow(false)]
    public async Task Our_certificate_for_a_registry_is_not_shown_where_another_one_sends_us_there(bool isKnownBefore)
    {
        var other = Serve("other.test", asksWho: true);
        var registry = Serve("registry.test");
        registry.On("GET", Manifest, To($"{other.Origin}/v2/secret/manifests/1.0"));
        other.On("GET", "/v2/", new Reply(200, "ok"), times: 10);
        var (certificate, key) = TestCertificateAuthority.Write(_authority.IssueClient("me"), _folder, "client");
        var files = Directory.CreateDirectory(Path.Combine(_folder.Path, "certs.d", other.Address)).FullName;
        File.Move(certificate, Path.Combine(files, "client.cert"));
        File.Move(key, Path.Combine(files, "client.key"));
        var transport = Transport(Options with
        {
            CertificateAuthorities = [_authority.Certificate],
            CertificateFolders = [Path.Combine(_folder.Path, "certs.d")],
            Network = _network,
            Retries = RetryLimits.None,
        });

        if (isKnownBefore)
        {
            Assert.AreEqual("ok", await AskAsync(transport, other.Address));
            Assert.AreEqual("CN=me", other.Requests[^1].ClientCertificate);
        }

        await Assert.ThrowsAsync<MultiArchException>(() => AskAsync(transport, registry.Address));
        Assert.HasCount(isKnownBefore ? 1 : 0, other.Requests);

        Assert.AreEqual("ok", await AskAsync(transport, other.Address));
        Assert.AreEqual("CN=me", other.Requests[^1].ClientCertificate);
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    public async Task One_into_a_private_network_that_a_private_registry_led_to_does_not_serve_a_public_one()
    {
        var (open, closed, storage) = (Serve("registry.test"), Serve("private.test"), Serve("storage.test"));
        open.On("GET", Manifest, To($"{storage.Origin}/1"));
        closed.On("GET", Manifest, To($"{storage.Origin}/1"));
        storage.On("GET", "/1", new Reply(200, "ok"), times: 10);
        var transport = Transport(Options with { CertificateAuthorities = [_authority.Certificate], Network = _network, Retries = RetryLimits.None });

        Assert.AreEqual("ok", await AskAsync(transport, closed.Address));
        await RegistryAssert.FailsAsync(() => AskAsync(transport, open.Address), DiagnosticCodes.RegistryUntrusted, storage.Address, "we did not go");

        Assert.HasCount(1, storage.Requests);
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [DataRow(301), DataRow(307), DataRow(308)]
    public async Task A_registry_on_this_machine_that_sends_http_on_to_https_at_its_own_port_is_spoken_to_so(int status)
    {
        using var first = new ScriptedRegistry();
        using var certificate = _authority.IssueServer();
        using var registry = new ScriptedRegistry(new ServerTls(certificate)) { Otherwise = new Reply(200, "ok") };
        first.On("GET", Manifest, To($"{registry.Origin}{Manifest}", status), times: 10);
        var transport = Transport(Options with { CertificateAuthorities = [_authority.Certificate], Network = FirstTo(first), Retries = RetryLimits.None });

        Assert.AreEqual("ok", await AskAsync(transport, registry.Address));
        Assert.AreEqual("ok", await AskAsync(transport, registry.Address));

        Assert.HasCount(1, first.Requests);
        Assert.HasCount(2, registry.Requests);
        Assert.IsEmpty(Events);
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    public async Task If_its_certificate_is_not_trusted_there_that_is_what_is_told()
    {
        using var first = new ScriptedRegistry();
        using var certificate = _authority.IssueServer();
        using var registry = new ScriptedRegistry(new ServerTls(certificate)) { Otherwise = new Reply(200, "ok") };
        first.On("GET", Manifest, To($"{registry.Origin}{Manifest}"), times: 10);

        await RegistryAssert.FailsAsync(
            () => AskAsync(Transport(Options with { Network = FirstTo(first), Retries = RetryLimits.None }), registry.Address),
            DiagnosticCodes.RegistryUntrusted,
            registry.Address,
            "MultiArchCertificateAuthority");
    }

    /// <summary>Two servers behind one port, as one that tells http from TLS by the first byte: only the first connection is http.</summary>
    private static TestNetwork FirstTo(ScriptedRegistry first)
    {
        var connections = 0;
        var port = int.Parse(first.Address.Split(':')[1], System.Globalization.CultureInfo.InvariantCulture);
        return new TestNetwork { Port = asked => Interlocked.Increment(ref connections) == 1 ? port : asked };
    }

    private static Reply To(string location, int status = 307) => new(status) { MoreHeaders = { ("Location", location) } };

    private ScriptedRegistry Serve(string host, bool asksWho = false)
    {
        var certificate = Own(_authority.IssueServerOf(host));
        return Own(new ScriptedRegistry(new ServerTls(certificate) { ClientAuthority = asksWho ? _authority.Certificate : null }, host));
    }
}
