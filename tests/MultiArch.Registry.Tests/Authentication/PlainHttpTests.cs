using MultiArch.Oci;
using MultiArch.Oci.Registry.Credentials;
using MultiArch.Oci.Registry.Transport;
using MultiArch.Testing;

namespace MultiArch.Registry.Tests.Authentication;

/// <summary>Passwords over plain http.</summary>
[TestClass]
public sealed class PlainHttpTests(TestContext context) : TransportTest(context)
{
    private readonly Logins _logins = new(new Credential("alice", "s3cret-of-alice", "the file ~/.docker/config.json"));

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [TestProperty("Catalogue", "74")]
    public async Task They_go_to_no_registry_elsewhere()
    {
        var registry = Serve();

        await Assert.ThrowsAsync<MultiArchException>(() => AskAsync(Reach([]), registry.Address));

        Assert.IsEmpty(registry.Requests);
        Assert.AreEqual(0, _logins.Asked);
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [TestProperty("Catalogue", "74")]
    public async Task They_go_to_one_that_was_named_as_insecure()
    {
        var registry = Serve();

        Assert.AreEqual("ok", await AskAsync(Reach([registry.Address]), registry.Address));

        Assert.IsNotNull(registry.Requests[^1].Authorization);
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [TestProperty("Catalogue", "74")]
    public async Task A_token_service_without_TLS_is_asked_for_one_that_was_named_as_insecure()
    {
        var tokens = Own(new ScriptedRegistry(host: "auth.acme.test"));
        tokens.On("GET", "/token", new Reply(200, """{"token":"mine"}"""));
        var registry = Serve($"Bearer realm=\"{tokens.Origin}/token\"");
        var transport = Reach([registry.Address]);

        Assert.AreEqual("ok", await AskAsync(transport, registry.Address));
        Assert.AreEqual("ok", await AskAsync(transport, registry.Address));

        Assert.AreEqual("Bearer mine", registry.Requests[^1].Authorization);
    }

    private ScriptedRegistry Serve(string challenge = "Basic realm=\"lab\"")
    {
        var registry = Own(new ScriptedRegistry(host: "registry.acme.test"));
        registry.On(request => request.Authorization is null, new Reply(401) { MoreHeaders = { ("WWW-Authenticate", challenge) } });
        registry.On(request => request.Authorization is not null, new Reply(200, "ok"), times: 10);
        return registry;
    }

    private RegistryTransport Reach(IEnumerable<string> insecure) => Transport(Options with
    {
        Credentials = _logins,
        InsecureRegistries = [.. insecure],
        Network = new TestNetwork { Names = { ["registry.acme.test"] = "203.0.113.5", ["auth.acme.test"] = "203.0.113.6" } },
        Retries = RetryLimits.None,
    });
}
