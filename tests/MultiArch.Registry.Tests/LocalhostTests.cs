using MultiArch.Oci;
using MultiArch.Oci.Registry.Credentials;
using MultiArch.Oci.Registry.Transport;
using MultiArch.Registry.Tests.Authentication;
using MultiArch.Testing;

namespace MultiArch.Registry.Tests;

/// <summary>Names that mean this machine (RFC 6761): what they lead to is looked at, since plain http and more is open to them.</summary>
[TestClass]
public sealed class LocalhostTests(TestContext context) : TransportTest(context)
{
    private readonly Logins _logins = new(new Credential("alice", "s3cret-of-alice", "the file ~/.docker/config.json"));

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [DataRow("registry.localhost", "203.0.113.5")]
    [DataRow("registry.localhost", "10.1.2.3")]
    [DataRow("localhost", "203.0.113.5")]
    public async Task One_that_leads_to_another_machine_is_not_connected_to(string host, string address)
    {
        var network = new TestNetwork { Names = { [host] = address } };
        var registry = Own(new ScriptedRegistry(host: host) { Otherwise = new Reply(200, "ok") });

        await RegistryAssert.FailsAsync(
            () => AskAsync(Reach(network), registry.Address), DiagnosticCodes.RegistryUntrusted, registry.Address, address, "is not this machine");

        Assert.IsEmpty(network.Connected);
        Assert.IsEmpty(Retries);
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    public async Task One_that_the_name_service_does_not_know_is_this_machine()
    {
        var network = new TestNetwork();
        var registry = Own(new ScriptedRegistry(host: "registry.localhost") { Otherwise = new Reply(200, "ok") });

        Assert.AreEqual("ok", await AskAsync(Reach(network), registry.Address));

        StringAssert.StartsWith(network.Connected.Single(), "127.0.0.1:");
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    public async Task No_password_goes_to_a_token_service_by_such_a_name_that_leads_elsewhere()
    {
        var tokens = Own(new ScriptedRegistry(host: "auth.localhost") { Otherwise = new Reply(200, """{"token":"mine"}""") });
        var registry = Own(new ScriptedRegistry
        {
            Otherwise = new Reply(401) { MoreHeaders = { ("WWW-Authenticate", $"Bearer realm=\"{tokens.Origin}/token\"") } },
        });

        await RegistryAssert.FailsAsync(
            () => AskAsync(Reach(new TestNetwork { Names = { ["auth.localhost"] = "203.0.113.6" } }), registry.Address),
            DiagnosticCodes.RegistryUntrusted,
            tokens.Address,
            "is not this machine");

        Assert.IsEmpty(tokens.Requests);
    }

    private RegistryTransport Reach(TestNetwork network) => Transport(Options with { Credentials = _logins, Network = network });
}
