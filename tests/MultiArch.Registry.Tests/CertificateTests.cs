using MultiArch.Oci;
using MultiArch.Oci.Registry;
using MultiArch.Oci.Registry.Hosts;
using MultiArch.Testing;

namespace MultiArch.Registry.Tests;

/// <summary>Whose certificate is trusted, and what is said of one that is not.</summary>
[TestClass]
public sealed class CertificateTests : TransportTest
{
    private const string Host = "registry.test";

    private readonly TestCertificateAuthority _authority;
    private readonly TempDirectory _folder;

    public CertificateTests(TestContext context)
        : base(context)
    {
        _authority = Own(new TestCertificateAuthority());
        _folder = Own(new TempDirectory());
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [TestProperty("Catalogue", "75")]
    public async Task An_authority_that_nobody_named_is_not_trusted()
    {
        var registry = Serve(new ServerTls(_authority.IssueServerOf(Host)));

        await FailsAsync(registry, Reach(), "does not trust the authority of its certificate, 'CN=MultiArch.Build test authority'", "Set MultiArchCertificateAuthority to the PEM file", $"/etc/containers/certs.d/{registry.Address}/");
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [TestProperty("Catalogue", "75")]
    public async Task A_certificate_that_speaks_for_itself_is_not_trusted() =>
        await FailsAsync(Serve(new ServerTls(TestCertificateAuthority.SelfSignServer()), "127.0.0.1"), Reach(), "its certificate is self-signed", "MultiArchCertificateAuthority");

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [TestProperty("Catalogue", "75")]
    public async Task A_certificate_whose_time_is_over_is_not_trusted_whoever_issued_it() =>
        await FailsAsync(Serve(new ServerTls(_authority.IssueExpiredServer()), "127.0.0.1"), Trusting(), "its certificate is valid from", "not now", "operator renew it");

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [TestProperty("Catalogue", "75")]
    public async Task A_certificate_for_another_host_is_not_trusted_whoever_issued_it() =>
        await FailsAsync(Serve(new ServerTls(_authority.IssueServerOf("other.test"))), Trusting(), $"is for other.test, not for {Host}", "ContainerRegistry");

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [TestProperty("Catalogue", "75")]
    public async Task A_bad_certificate_is_refused_at_an_insecure_registry_too()
    {
        var registry = Serve(new ServerTls(_authority.IssueServerOf(Host)));

        await FailsAsync(registry, Reach() with { InsecureRegistries = [registry.Address] }, "MultiArchCertificateAuthority");

        Assert.IsEmpty(registry.Requests);
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [TestProperty("Catalogue", "75")]
    public async Task An_authority_from_a_file_is_trusted_at_every_host()
    {
        var file = _folder.Write("ca.pem", $"# ours\n{TestAuthorityOfNoConcern()}\n{_authority.Pem}");
        var registry = Serve(new ServerTls(_authority.IssueServerOf(Host)));

        await AnswersAsync(registry, Reach() with { CertificateAuthorities = CertificateFile.ReadAuthorities(file, "MultiArchCertificateAuthority") });
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [TestProperty("Catalogue", "75")]
    public async Task An_authority_in_certs_d_is_trusted_at_its_host_alone()
    {
        var registry = Serve(new ServerTls(_authority.IssueServerOf(Host)));
        var other = Serve(new ServerTls(_authority.IssueServerOf(Host)));
        _folder.Write($"certs.d/{registry.Address}/ca.crt", _authority.Pem);
        var options = Reach() with { CertificateFolders = [_folder["nothing"], _folder["certs.d"]] };

        await AnswersAsync(registry, options);
        await FailsAsync(other, options, "does not trust");
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    public async Task The_first_certs_d_that_knows_a_host_counts()
    {
        var registry = Serve(new ServerTls(_authority.IssueServerOf(Host)));
        _folder.Write($"first/{registry.Address}/ca.crt", TestAuthorityOfNoConcern());
        _folder.Write($"second/{registry.Address}/ca.crt", _authority.Pem);

        await FailsAsync(registry, Reach() with { CertificateFolders = [_folder["first"], _folder["second"]] }, "does not trust");
        await AnswersAsync(registry, Reach() with { CertificateFolders = [_folder["second"], _folder["first"]] });
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    public async Task A_client_certificate_in_certs_d_is_shown()
    {
        var registry = Serve(new ServerTls(_authority.IssueServerOf(Host)) { ClientAuthority = _authority.Certificate });
        using var client = _authority.IssueClient("builder");
        var (certificate, key) = TestCertificateAuthority.Write(client, _folder, "client");
        _folder.Write($"certs.d/{registry.Address}/client.cert", await File.ReadAllTextAsync(certificate, CancellationToken));
        _folder.Write($"certs.d/{registry.Address}/client.key", await File.ReadAllTextAsync(key, CancellationToken));

        await AnswersAsync(registry, Trusting() with { CertificateFolders = [_folder["certs.d"]] });

        StringAssert.Contains(registry.Requests.Single().ClientCertificate, "builder");
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    public async Task A_client_certificate_without_its_key_is_told_by_its_file()
    {
        var registry = Serve(new ServerTls(_authority.IssueServerOf(Host)));
        var file = _folder.Write($"certs.d/{registry.Address}/client.cert", _authority.Pem);

        await RegistryAssert.FailsAsync(
            () => AskAsync(Transport(Trusting() with { CertificateFolders = [_folder["certs.d"]] }), registry.Address),
            DiagnosticCodes.InvalidCertificate,
            Path.ChangeExtension(file, ".key"));
    }

    [TestMethod]
    [DataRow("")]
    [DataRow("no certificate")]
    [DataRow("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")]
    [DataRow(null)]
    public void A_file_that_holds_no_certificate_is_told_with_the_property(string? content)
    {
        var file = content is null ? _folder["missing.pem"] : _folder.Write("ca.pem", content);

        var exception = Assert.ThrowsExactly<MultiArchException>(() => CertificateFile.ReadAuthorities(file, "MultiArchCertificateAuthority"));

        Assert.AreEqual(DiagnosticCodes.InvalidCertificate, exception.Code);
        StringAssert.StartsWith(exception.Message, $"MultiArchCertificateAuthority '{file}' cannot be used: ");
        Assert.DoesNotContain('\n', exception.Message);
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    public async Task A_registry_on_this_machine_may_speak_either()
    {
        var plain = Own(new ScriptedRegistry { Otherwise = new Reply(200, "ok") });
        var secure = Serve(new ServerTls(_authority.IssueServer()), "127.0.0.1");
        var transport = Transport(Trusting());

        Assert.AreEqual("ok", await AskAsync(transport, plain.Address));
        Assert.AreEqual("ok", await AskAsync(transport, secure.Address));
        Assert.AreEqual("ok", await AskAsync(transport, secure.Address));

        Assert.IsEmpty(Events);
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    public async Task A_registry_that_was_said_to_be_insecure_may_speak_http()
    {
        var registry = Own(new ScriptedRegistry(host: Host) { Otherwise = new Reply(200, "ok") });
        var transport = Transport(Reach() with { InsecureRegistries = [registry.Address.ToUpperInvariant()] });

        Assert.AreEqual("ok", await AskAsync(transport, registry.Address));

        Assert.IsEmpty(Events);
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    public async Task No_other_registry_may()
    {
        var registry = Own(new ScriptedRegistry(host: Host) { Otherwise = new Reply(200, "ok") });

        await RegistryAssert.FailsAsync(
            () => AskAsync(Transport(Reach()), registry.Address), DiagnosticCodes.RegistryUntrusted, "DOTNET_CONTAINER_INSECURE_REGISTRIES");

        Assert.IsEmpty(registry.Requests);
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    public async Task A_registry_that_once_spoke_TLS_is_not_spoken_to_without_it()
    {
        var options = Reach();
        var secure = Serve(new ServerTls(_authority.IssueServerOf(Host)));
        var transport = Transport(Trusting() with { InsecureRegistries = [secure.Address], Retries = Oci.Registry.Transport.RetryLimits.None });
        Assert.AreEqual("ok", await AskAsync(transport, secure.Address));
        secure.Dispose();

        await RegistryAssert.FailsAsync(() => AskAsync(transport, secure.Address), DiagnosticCodes.RegistryUnreachable);
    }

    private static string TestAuthorityOfNoConcern()
    {
        using var other = new TestCertificateAuthority();
        return other.Pem;
    }

    private ScriptedRegistry Serve(ServerTls tls, string host = Host)
    {
        Own(tls.Certificate);
        return Own(new ScriptedRegistry(tls, host) { Otherwise = new Reply(200, "ok") });
    }

    private RegistryOptions Reach() => Options with { Network = new TestNetwork { Names = { [Host] = "203.0.113.5" } } };

    private RegistryOptions Trusting() => Reach() with { CertificateAuthorities = [_authority.Certificate] };

    private async Task AnswersAsync(ScriptedRegistry registry, RegistryOptions options) =>
        Assert.AreEqual("ok", await AskAsync(Transport(options), registry.Address));

    private async Task FailsAsync(ScriptedRegistry registry, RegistryOptions options, params string[] parts)
    {
        await RegistryAssert.FailsAsync(() => AskAsync(Transport(options), registry.Address), DiagnosticCodes.RegistryUntrusted, [registry.Address, .. parts]);
        Assert.IsEmpty(registry.Requests);
        Assert.IsEmpty(Retries, "A certificate is the same the next time.");
    }
}
