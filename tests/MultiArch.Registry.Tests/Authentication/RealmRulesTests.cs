using MultiArch.Oci;
using MultiArch.Oci.Registry;
using MultiArch.Oci.Registry.Credentials;
using MultiArch.Oci.Registry.Transport;
using MultiArch.Testing;

namespace MultiArch.Registry.Tests.Authentication;

/// <summary>Where credentials go to be checked: a registry behind TLS with a public address, and what it names.</summary>
[TestClass]
public sealed class RealmRulesTests : TransportTest
{
    private const string Manifest = "/v2/app/manifests/1.0";

    private readonly TestCertificateAuthority _authority;
    private readonly ScriptedRegistry _registry;
    private readonly ScriptedRegistry _tokens;
    private readonly Logins _logins = new(new Credential("alice", "s3cret-of-alice", "the file ~/.docker/config.json"));
    private readonly TestNetwork _network = new() { Names = { ["registry.acme.test"] = "203.0.113.5", ["auth.acme.test"] = "203.0.113.6", ["auth.other.test"] = "203.0.113.7" } };

    public RealmRulesTests(TestContext context)
        : base(context)
    {
        _authority = Own(new TestCertificateAuthority());
        _registry = Serve("registry.acme.test");
        _tokens = Serve("auth.acme.test");
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    public async Task A_token_service_of_the_registry_s_domain_needs_no_word()
    {
        Challenge($"{_tokens.Origin}/token");
        _tokens.On("GET", "/token", new Reply(200, """{"token":"mine"}"""));

        Assert.AreEqual("ok", await AskAsync());

        Assert.IsEmpty(Events);
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    public async Task One_of_another_domain_is_told_once()
    {
        var foreign = Serve("auth.other.test");
        Challenge($"{foreign.Origin}/token");
        foreign.On("GET", "/token", new Reply(200, """{"token":"mine"}"""));

        Assert.AreEqual("ok", await AskAsync());

        CollectionAssert.AreEqual(new[] { new RegistryEvent.ForeignTokenService(_registry.Address, foreign.Address) }, Events.ToArray());
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    public async Task One_whose_letters_look_like_the_registry_s_is_told_by_what_they_are()
    {
        _network.Names["xn--cme-8ka.test"] = "203.0.113.8";
        var foreign = Serve("xn--cme-8ka.test");
        var realm = $"https://\u00e0cme.test:{foreign.Address.Split(':')[1]}/token"; // an a with an accent
        _registry.On(request => request.Authorization is null, new Reply(401) { MoreHeaders = { ("WWW-Authenticate", $"Bearer realm=\"{realm}\"") } });
        _registry.On("GET", Manifest, new Reply(200, "ok"));
        foreign.On("GET", "/token", new Reply(200, """{"token":"mine"}"""));

        Assert.AreEqual("ok", await AskAsync());

        CollectionAssert.AreEqual(new[] { new RegistryEvent.ForeignTokenService(_registry.Address, foreign.Address) }, Events.ToArray());
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    public async Task Where_that_is_an_error_nothing_is_sent_there_by_any_of_those_who_ask()
    {
        var foreign = Serve("auth.other.test");
        _registry.On(_ => true, new Reply(401) { MoreHeaders = { ("WWW-Authenticate", $"Bearer realm=\"{foreign.Origin}/token\"") } }, times: 10);
        var transport = Reach(new Refusing());

        for (var i = 0; i < 3; i++)
        {
            await RegistryAssert.FailsAsync(() => AskAsync(transport, _registry.Address), DiagnosticCodes.ForeignTokenService);
        }

        Assert.IsEmpty(foreign.Requests);
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [TestProperty("Catalogue", "72")]
    [DataRow("http://auth.acme.test/token")]
    [DataRow("https://169.254.169.254/latest/meta-data")]
    [DataRow("https://localhost./token")]
    [DataRow("https://[::ffff:127.0.0.1]/token")]
    [DataRow("https://１２７.0.0.1/token")]
    [DataRow("https://alice:b@auth.acme.test/token")]
    [DataRow("https://10.0.0.1/token")]
    [DataRow("//auth.acme.test/token")]
    [DataRow("file:///etc/passwd")]
    public async Task One_that_no_registry_has_is_not_followed_and_no_credential_is_read(string realm)
    {
        Challenge(realm);

        var exception = await Assert.ThrowsAsync<MultiArchException>(AskAsync);

        Assert.IsTrue(exception.Code is DiagnosticCodes.RegistryUntrusted or DiagnosticCodes.NotARegistry or DiagnosticCodes.RegistryUnreachable, exception.Message);
        Assert.AreEqual(0, exception.Code == DiagnosticCodes.RegistryUnreachable ? 0 : _logins.Asked);
        Assert.IsEmpty(_tokens.Requests);
        Assert.HasCount(1, _network.Connected);
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [TestProperty("Catalogue", "72")]
    [DataRow("127.0.0.1"), DataRow("10.1.2.3"), DataRow("169.254.169.254")]
    public async Task Nor_one_whose_name_leads_there(string address)
    {
        _network.Names["auth.acme.test"] = address;
        Challenge($"{_tokens.Origin}/token");

        await RegistryAssert.FailsAsync(AskAsync, DiagnosticCodes.RegistryUntrusted, _tokens.Address, "we did not go");

        Assert.IsEmpty(_tokens.Requests);
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [TestProperty("Catalogue", "72")]
    [DataRow(301), DataRow(302), DataRow(307), DataRow(308)]
    public async Task Nor_does_a_token_service_send_credentials_on(int status)
    {
        var other = Serve("auth.other.test");
        Challenge($"{_tokens.Origin}/token");
        _tokens.On("GET", "/token", new Reply(status) { Headers = { ["Location"] = $"{other.Origin}/token" } });

        await RegistryAssert.FailsAsync(AskAsync, DiagnosticCodes.RegistryUntrusted, _tokens.Address, "credentials do not follow");

        Assert.IsEmpty(other.Requests);
    }

    private void Challenge(string realm)
    {
        _registry.On(
            request => request.Authorization is null,
            new Reply(401) { MoreHeaders = { ("WWW-Authenticate", System.Text.Encoding.Latin1.GetString(System.Text.Encoding.UTF8.GetBytes($"Bearer realm=\"{realm}\",service=\"a\""))) } });
        _registry.On("GET", Manifest, new Reply(200, "ok"));
    }

    private ScriptedRegistry Serve(string host) => Own(new ScriptedRegistry(new ServerTls(Own(_authority.IssueServerOf(host))), host));

    private RegistryTransport Reach(IProgress<RegistryEvent> progress) => Transport(Options with
    {
        Network = _network,
        CertificateAuthorities = [_authority.Certificate],
        Credentials = _logins,
        Progress = progress,
        Retries = RetryLimits.None,
    });

    private Task<string> AskAsync() => AskAsync(Reach(this), _registry.Address);

    /// <summary>As a build that takes warnings for errors.</summary>
    private sealed class Refusing : IProgress<RegistryEvent>
    {
        public void Report(RegistryEvent value) => throw new MultiArchException(DiagnosticCodes.ForeignTokenService, "told");
    }
}
