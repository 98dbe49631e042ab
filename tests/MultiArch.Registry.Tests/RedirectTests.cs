using MultiArch.Oci;
using MultiArch.Oci.Formats;
using MultiArch.Oci.Registry;
using MultiArch.Oci.Registry.Credentials;
using MultiArch.Oci.Registry.Transport;
using MultiArch.Oci.Storage;
using MultiArch.Testing;

namespace MultiArch.Registry.Tests;

/// <summary>Where a registry may send us, and what we take along.</summary>
[TestClass]
public sealed class RedirectTests : TransportTest
{
    private const string Manifest = "/v2/app/manifests/1.0";

    private readonly TestCertificateAuthority _authority;
    private readonly ScriptedRegistry _registry;
    private readonly ScriptedRegistry _storage;

    public RedirectTests(TestContext context)
        : base(context)
    {
        _authority = Own(new TestCertificateAuthority());
        _registry = Serve("registry.test");
        _storage = Serve("storage.test");
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [TestProperty("Catalogue", "73")]
    [DataRow(301), DataRow(302), DataRow(303), DataRow(307), DataRow(308)]
    public async Task A_question_follows_every_redirect_with_its_query_untouched(int status)
    {
        _registry.On("GET", Manifest, To($"{_storage.Origin}/bucket/1?sig=a%2Bb%7E&x=1", status));
        _storage.On("GET", "/bucket/1?sig=a%2Bb%7E&x=1", new Reply(200, "ok"));

        Assert.AreEqual("ok", await AskAsync(Reach()));
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [TestProperty("Catalogue", "73")]
    [DataRow(307), DataRow(308)]
    public async Task What_carries_a_body_carries_it_where_the_registry_says(int status)
    {
        var content = "the manifest"u8.ToArray();
        var opened = 0;
        _registry.On("PUT", Manifest, To($"{_storage.Origin}/elsewhere", status));
        _storage.On("PUT", "/elsewhere", new Reply(201));
        var transport = Reach();
        var body = new RequestBody(
            new Descriptor(MediaTypes.OciManifest, Digest.Of(content), content.Length),
            new BlobSource(_ => Task.FromResult<Stream>(Open())),
            MediaTypes.OciManifest);

        await AskAsync(transport, Address(_registry.Address, transport), HttpMethod.Put, body);

        CollectionAssert.AreEqual(content, _storage.Requests.Single().Body);
        Assert.AreEqual(2, opened);

        MemoryStream Open()
        {
            opened++;
            return new MemoryStream(content);
        }
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [TestProperty("Catalogue", "73")]
    [DataRow(301), DataRow(302), DataRow(303)]
    public async Task What_carries_a_body_follows_no_redirect_that_would_lose_it(int status)
    {
        _registry.On("PUT", Manifest, To($"{_storage.Origin}/elsewhere", status));
        var transport = Reach();

        await RegistryAssert.FailsAsync(
            () => AskAsync(transport, Address(_registry.Address, transport), HttpMethod.Put), DiagnosticCodes.RegistryRefused, $"{status}");

        Assert.IsEmpty(_storage.Requests);
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [TestProperty("Catalogue", "73")]
    public async Task Who_asks_is_told_to_the_registry_alone()
    {
        var challenge = new Reply(401) { Headers = { ["WWW-Authenticate"] = "Basic realm=\"r\"" } };
        _registry.On(request => request.Authorization is null, challenge);
        _registry.On("GET", Manifest, To("/moved"));
        _registry.On("GET", "/moved", To($"https://registry.test:{_registry.Address.Split(':')[1]}/again", 302));
        _registry.On("GET", "/again", To($"{_storage.Origin}/bucket/1"));
        _storage.On("GET", "/bucket/1", new Reply(200, "ok"));
        var transport = Transport(Reach().Options with { Credentials = new OneCredential() });

        Assert.AreEqual("ok", await AskAsync(transport));

        Assert.IsTrue(_registry.Requests.Skip(1).All(request => request.Authorization is "Basic bWU6c2VjcmV0"));
        Assert.HasCount(4, _registry.Requests);
        Assert.IsNull(_storage.Requests.Single().Authorization);
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [TestProperty("Catalogue", "73")]
    public async Task A_circle_is_left()
    {
        _registry.On("GET", Manifest, To(Manifest), times: 11);

        await RegistryAssert.FailsAsync(() => AskAsync(Reach()), DiagnosticCodes.NotARegistry, "more than 5 times");

        Assert.IsEmpty(Retries);
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [TestProperty("Catalogue", "73")]
    public async Task From_https_to_http_nobody_goes()
    {
        _registry.On("GET", Manifest, To($"http://{_storage.Address}/bucket/1?sig=secret"));

        var exception = await RegistryAssert.FailsAsync(() => AskAsync(Reach()), DiagnosticCodes.RegistryUntrusted, "from https to http", _storage.Address);

        Assert.DoesNotContain("secret", exception.Message);
        Assert.IsEmpty(_storage.Requests);
        Assert.IsEmpty(Retries);
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [TestProperty("Catalogue", "28")]
    public async Task Http_at_the_host_that_was_asked_by_https_is_https_and_told_once()
    {
        _registry.On("GET", Manifest, To($"http://{_registry.Address}//moved?a=%7E"), times: 2);
        _registry.On("GET", "//moved?a=%7E", new Reply(200, "ok"), times: 2);
        var transport = Reach();

        Assert.AreEqual("ok", await AskAsync(transport));
        Assert.AreEqual("ok", await AskAsync(transport));

        Assert.AreEqual(new RegistryEvent.LocationUpgraded(_registry.Address), Events.Single());
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [TestProperty("Catalogue", "29")]
    [DataRow("127.0.0.1"), DataRow("127.1"), DataRow("2130706433"), DataRow("localhost"), DataRow("localhost."), DataRow("a.localhost")]
    [DataRow("[::1]"), DataRow("[::ffff:127.0.0.1]"), DataRow("[::ffff:a9fe:a9fe]"), DataRow("[64:ff9b::7f00:1]"), DataRow("[fe80::1]")]
    [DataRow("169.254.169.254"), DataRow("169.254.169.254."), DataRow("0.0.0.0"), DataRow("１２７.0.0.1"), DataRow("127。0。0。1")]
    [DataRow("10.0.0.1"), DataRow("172.16.0.1"), DataRow("192.168.1.1"), DataRow("100.64.0.1"), DataRow("[fd00::1]"), DataRow("[::ffff:10.0.0.1]")]
    public async Task A_public_registry_sends_nobody_into_a_network_that_it_cannot_see(string host)
    {
        _registry.On("GET", Manifest, To($"https://{host}/latest/meta-data"));
        var network = Network();

        await RegistryAssert.FailsAsync(() => AskAsync(Reach(network)), DiagnosticCodes.RegistryUntrusted, _registry.Address, "we did not go");

        Assert.HasCount(1, network.Connected);
        Assert.IsEmpty(Retries);
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [DataRow("10.1.2.3", "an address of a private network")]
    [DataRow("127.0.0.1", "an address of this machine")]
    [DataRow("169.254.169.254", "an address of this machine")]
    public async Task Nor_by_a_name_that_leads_there(string address, string what)
    {
        var network = Network();
        network.Names["storage.test"] = address;
        _registry.On("GET", Manifest, To($"{_storage.Origin}/bucket/1"));

        await RegistryAssert.FailsAsync(() => AskAsync(Reach(network)), DiagnosticCodes.RegistryUntrusted, _storage.Address, what, "we did not go");

        Assert.HasCount(1, network.Connected);
        Assert.IsEmpty(Retries);
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    public async Task A_registry_that_was_public_once_is_no_private_one()
    {
        var network = Network();
        var transport = Reach(network);
        _registry.On("GET", Manifest, new Reply(200, "ok") { Headers = { ["Connection"] = "close" } });
        await AskAsync(transport);
        network.Names["registry.test"] = "10.0.0.5";
        network.Names["storage.test"] = "10.1.2.3";
        _registry.On("GET", Manifest, To($"{_storage.Origin}/bucket/1"));

        await RegistryAssert.FailsAsync(() => AskAsync(transport), DiagnosticCodes.RegistryUntrusted, "we did not go");

        Assert.HasCount(2, network.Connected);
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [DataRow("10.0.0.5", "10.1.2.3")]
    [DataRow("10.0.0.5", "203.0.113.6")]
    [DataRow("127.0.0.1", "127.0.0.1")]
    public async Task A_private_registry_may_send_us_to_its_like(string registry, string storage)
    {
        var network = Network();
        network.Names["registry.test"] = registry;
        network.Names["storage.test"] = storage;
        _registry.On("GET", Manifest, To($"{_storage.Origin}/bucket/1"));
        _storage.On("GET", "/bucket/1", new Reply(200, "ok"));

        Assert.AreEqual("ok", await AskAsync(Reach(network)));
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [DataRow(""), DataRow("file:///etc/passwd"), DataRow("ftp://storage.test/1"), DataRow("https://user:secret@storage.test/1"), DataRow("https://"), DataRow("http://[")]
    public async Task An_address_that_is_none_is_told_without_what_it_holds(string location)
    {
        _registry.On("GET", Manifest, To(location));

        var exception = await RegistryAssert.FailsAsync(() => AskAsync(Reach()), DiagnosticCodes.NotARegistry, "without a usable address");

        Assert.DoesNotContain("secret", exception.Message);
    }

    private static Reply To(string location, int status = 307) =>
        location.Length > 0 ? new Reply(status) { MoreHeaders = { ("Location", location) } } : new Reply(status);

    private static TestNetwork Network() => new() { Names = { ["registry.test"] = "203.0.113.5", ["storage.test"] = "203.0.113.6" } };

    private ScriptedRegistry Serve(string host) => Own(new ScriptedRegistry(new ServerTls(Own(_authority.IssueServerOf(host))), host));

    private RegistryTransport Reach(TestNetwork? network = null) =>
        Transport(Options with { Network = network ?? Network(), CertificateAuthorities = [_authority.Certificate] });

    private Task<string> AskAsync(RegistryTransport transport) => AskAsync(transport, _registry.Address);

    private sealed class OneCredential : ICredentialSource
    {
        public Task<Credential?> FindAsync(ImageReference repository, RegistryAccess access, Credential? refused, CancellationToken cancellationToken) =>
            Task.FromResult<Credential?>(new Credential("me", "secret", "the test"));
    }
}
