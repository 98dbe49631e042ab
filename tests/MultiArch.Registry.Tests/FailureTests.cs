using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using MultiArch.Oci;
using MultiArch.Oci.Registry;
using MultiArch.Oci.Registry.Transport;
using MultiArch.Testing;

namespace MultiArch.Registry.Tests;

/// <summary>What goes wrong on the way, and how it is told.</summary>
[TestClass]
public sealed class FailureTests(TestContext context) : ScriptedTest(context)
{
    private const string Blobs = "/v2/app/blobs/";

    private readonly TestBlob _blob = TestBlob.Of("a layer of some bytes");

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [DataRow(401, "UNAUTHORIZED", DiagnosticCodes.RegistryUnauthorized, "credentials")]
    [DataRow(403, "DENIED", DiagnosticCodes.RegistryDenied, "ContainerRepository")]
    [DataRow(404, "NAME_UNKNOWN", DiagnosticCodes.RegistryRefused, "create the repository")]
    [DataRow(400, "NAME_INVALID", DiagnosticCodes.RegistryRefused, "ContainerRepository")]
    [DataRow(415, "MANIFEST_INVALID", DiagnosticCodes.RegistryRefused, "ContainerImageFormat")]
    [DataRow(418, "TEAPOT", DiagnosticCodes.RegistryRefused, "operator")]
    [DataRow(429, "TOOMANYREQUESTS", DiagnosticCodes.RegistryFailed, "Wait")]
    [DataRow(500, "UNKNOWN", DiagnosticCodes.RegistryFailed, "log")]
    [DataRow(503, "UNAVAILABLE", DiagnosticCodes.RegistryFailed, "503")]
    public async Task What_a_registry_refuses_is_told_with_its_words_and_the_next_step(int status, string said, string code, string next)
    {
        Registry.On("PUT", "/v2/app/manifests/", new Reply(status, $$"""{"errors":[{"code":"{{said}}","message":"some\r\nwords"}]}"""));

        await RegistryAssert.FailsAsync(
            () => Client.WriteManifestAsync(TestImage.Manifest(), CancellationToken),
            code,
            Registry.Address,
            "in app",
            $"({said}: some words)",
            next);
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    public async Task A_page_for_people_is_no_registry_even_if_it_says_OK()
    {
        Registry.On("HEAD", Blobs, new Reply(200, "<html>Welcome</html>", "text/html"));
        Registry.On("PUT", "/v2/app/manifests/", new Reply(200, "<html>Welcome</html>", "Text/HTML; charset=utf-8"));

        await RegistryAssert.FailsAsync(() => Client.ContainsBlobAsync(_blob.Descriptor, CancellationToken), DiagnosticCodes.NotARegistry, "text/html");
        await RegistryAssert.FailsAsync(() => Client.WriteManifestAsync(TestImage.Manifest(), CancellationToken), DiagnosticCodes.NotARegistry, "text/html");
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    public async Task An_explanation_without_end_is_left_out()
    {
        Registry.On("GET", Blobs, new Reply(500, new string('x', 1024 * 1024), "text/plain"));

        var exception = await RegistryAssert.FailsAsync(() => Client.OpenBlobAsync(_blob.Descriptor, CancellationToken), DiagnosticCodes.RegistryFailed);
        Assert.IsLessThan(1000, exception.Message.Length);
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [TestProperty("Catalogue", "81")]
    public async Task A_blob_of_other_bytes_fails_before_it_ends()
    {
        Registry.On("GET", Blobs, new Reply(200, "A LAYER OF SOME BYTES", "application/octet-stream"));

        await RegistryAssert.FailsAsync(ReadBlobAsync, DiagnosticCodes.RegistryContentMismatch, $"{Registry.Address}/app", "other bytes");
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    public async Task A_blob_of_another_length_is_not_read()
    {
        Registry.On("GET", Blobs, new Reply(200, "short", "application/octet-stream"));

        await RegistryAssert.FailsAsync(
            () => Client.OpenBlobAsync(_blob.Descriptor, CancellationToken), DiagnosticCodes.RegistryContentMismatch, "5 bytes");
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    public async Task A_connection_that_is_cut_in_a_download_is_told_with_the_host_and_the_blob()
    {
        Registry.On("GET", Blobs, new Reply(200, _blob.Content) { Fault = Fault.CutBody });

        await RegistryAssert.FailsAsync(ReadBlobAsync, DiagnosticCodes.RegistryBroke, Registry.Address, _blob.Descriptor.Digest.ToString());
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    public async Task A_download_goes_where_the_registry_keeps_its_blobs()
    {
        using var storage = new ScriptedRegistry();
        Registry.On("GET", Blobs, new Reply(307) { Headers = { ["Location"] = $"http://{storage.Address}/bucket/1?sig=a%2Bb" } });
        storage.On("GET", "/bucket/1?sig=a%2Bb", new Reply(200, _blob.Content));

        await ReadBlobAsync();

        Assert.HasCount(1, storage.Requests);
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    public async Task A_failure_where_the_registry_sent_us_names_both_and_no_signature()
    {
        using var storage = new ScriptedRegistry();
        Registry.On("GET", Blobs, new Reply(307) { Headers = { ["Location"] = $"http://{storage.Address}/bucket/1?sig=secret" } });
        storage.On("GET", "/bucket/1", new Reply(403, "<Error>AccessDenied</Error>", "application/xml"));

        var exception = await RegistryAssert.FailsAsync(ReadBlobAsync, DiagnosticCodes.RegistryDenied, Registry.Address, storage.Address);
        Assert.DoesNotContain("secret", exception.Message);
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    public async Task A_registry_that_redirects_in_a_circle_is_left()
    {
        for (var i = 0; i < 10; i++)
        {
            Registry.On("GET", Blobs, new Reply(302) { Headers = { ["Location"] = $"{Blobs}{i}" } });
        }

        await RegistryAssert.FailsAsync(ReadBlobAsync, DiagnosticCodes.NotARegistry, "more than 5 times");
        Assert.HasCount(6, Registry.Requests);
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    public async Task What_changes_something_does_not_follow_a_redirect_that_may_make_a_GET_of_it()
    {
        Registry.On("PUT", "/v2/app/manifests/", new Reply(302) { Headers = { ["Location"] = "/elsewhere" } });

        await RegistryAssert.FailsAsync(() => Client.WriteManifestAsync(TestImage.Manifest(), CancellationToken), DiagnosticCodes.RegistryRefused, "302");
        Assert.HasCount(1, Registry.Requests);
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    public async Task A_refused_connection_says_what_to_start_or_correct()
    {
        Registry.Dispose();

        await RegistryAssert.FailsAsync(
            () => Client.ContainsBlobAsync(_blob.Descriptor, CancellationToken),
            DiagnosticCodes.RegistryUnreachable,
            $"{Registry.Address} refused the connection. Start the registry or correct ContainerRegistry.");
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    public async Task An_unknown_host_is_named_with_the_property_that_holds_it()
    {
        using var transport = new RegistryTransport();
        var client = new RegistryClient(new ImageReference("nonexistent.invalid", "app"), transport, "ContainerBaseImage");

        await RegistryAssert.FailsAsync(
            () => client.ContainsBlobAsync(_blob.Descriptor, CancellationToken),
            DiagnosticCodes.RegistryUnreachable,
            "nonexistent.invalid",
            "ContainerBaseImage");
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    public async Task A_server_that_speaks_no_HTTP_is_no_registry()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var transport = new RegistryTransport();
        var client = new RegistryClient(new ImageReference($"127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}", "app"), transport);

        var request = client.ContainsBlobAsync(_blob.Descriptor, CancellationToken);
        using var socket = await listener.AcceptSocketAsync(CancellationToken);
        await socket.SendAsync("SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n"u8.ToArray(), CancellationToken);

        await RegistryAssert.FailsAsync(() => request, DiagnosticCodes.NotARegistry, "127.0.0.1");
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    public async Task A_certificate_that_nobody_vouches_for_is_not_trusted_even_on_this_machine()
    {
        using var storage = new TcpListener(IPAddress.Loopback, 0);
        storage.Start();
        Registry.On("GET", Blobs, new Reply(307) { Headers = { ["Location"] = $"https://{storage.LocalEndpoint}/bucket/1" } });

        var read = ReadBlobAsync();
        using var client = await storage.AcceptTcpClientAsync(CancellationToken);
        await using var tls = new SslStream(client.GetStream());
        using var certificate = SelfSigned();
        var handshake = tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = certificate }, CancellationToken);

        await RegistryAssert.FailsAsync(() => read, DiagnosticCodes.RegistryUntrusted, Registry.Address, $"{storage.LocalEndpoint}", "its certificate is self-signed");
        await handshake.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [DataRow(Fault.Stall)]
    [DataRow(Fault.StallBody)]
    public async Task A_silent_registry_is_given_up(Fault fault)
    {
        using var transport = new RegistryTransport(new RegistryOptions { IdleTimeout = TimeSpan.FromSeconds(0.3), Retries = RetryLimits.None });
        var client = new RegistryClient(new ImageReference(Registry.Address, "app"), transport);
        Registry.On("GET", "/v2/app/manifests/", new Reply(200, "{}", MediaTypes.OciManifest) { Fault = fault });

        await RegistryAssert.FailsAsync(
            () => client.FindManifestAsync("1.0", CancellationToken), DiagnosticCodes.RegistryBroke, Registry.Address, "silent for 0.3 s");
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [DataRow(Fault.Stall)]
    [DataRow(Fault.StallBody)]
    public async Task A_cancelled_request_ends_as_cancelled(Fault fault)
    {
        Registry.On("GET", "/v2/app/manifests/", new Reply(200, "{}", MediaTypes.OciManifest) { Fault = fault });
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(CancellationToken);

        var request = Client.FindManifestAsync("1.0", cancellation.Token);
        await Registry.Stalled.WaitAsync(CancellationToken);
        await cancellation.CancelAsync();

        var exception = await Assert.ThrowsAsync<OperationCanceledException>(() => request);
        Assert.AreEqual(cancellation.Token, exception.CancellationToken);
    }

    private static X509Certificate2 SelfSigned()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256) { CertificateExtensions = { names.Build() } };
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    }

    private async Task ReadBlobAsync()
    {
        await using var stream = await Client.OpenBlobAsync(_blob.Descriptor, CancellationToken);
        await stream.CopyToAsync(Stream.Null, CancellationToken);
    }
}
