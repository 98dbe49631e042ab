using MultiArch.Oci;
using MultiArch.Oci.Registry;
using MultiArch.Oci.Registry.Transport;
using MultiArch.Testing;

namespace MultiArch.Registry.Tests.Authentication;

/// <summary>What a registry asks, and whom nothing is said to.</summary>
[TestClass]
public sealed class ChallengeTests(TestContext context) : AuthenticationTest(context)
{
    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [TestProperty("Catalogue", "64")]
    public async Task Of_the_ways_that_a_registry_offers_in_several_headers_one_is_taken_that_is_known()
    {
        var offer = Unauthorized("Negotiate");
        offer.MoreHeaders.Add(("WWW-Authenticate", "NTLM, BASIC realm=\"Sonatype Nexus Repository Manager\""));
        Registry.On(request => request.Authorization is null, offer);
        Registry.On(request => request.Authorization == Basic("alice", "s3cret-of-alice"), new Reply(200, "ok"));

        Assert.AreEqual("ok", await ReadAsync(As(Alice)));
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [TestProperty("Catalogue", "64")]
    public async Task A_way_that_we_do_not_know_is_named()
    {
        Registry.On(_ => true, Unauthorized("Negotiate"));

        await RegistryAssert.FailsAsync(() => ReadAsync(As(Alice)), DiagnosticCodes.RegistryUnauthorized, "wants credentials", "by Negotiate only");

        Assert.HasCount(1, Registry.Requests);
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [TestProperty("Catalogue", "65")]
    [DataRow("Bearer")]
    [DataRow("Bearer service=\"a\"")]
    [DataRow("Bearer realm=\"")]
    [DataRow("Bearer realm=\"\"")]
    public async Task A_token_that_is_to_be_had_nowhere_is_told(string challenge)
    {
        var logins = new Logins(Alice);
        Registry.On(_ => true, Unauthorized(challenge));

        await RegistryAssert.FailsAsync(() => ReadAsync(Reach(logins)), DiagnosticCodes.NotARegistry, Registry.Address, "does not say from where");

        Assert.AreEqual(0, logins.Asked);
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [TestProperty("Catalogue", "65")]
    public async Task A_challenge_without_end_is_no_registry_s()
    {
        Registry.On(_ => true, Unauthorized("Bearer realm=\"" + new string('x', 1024 * 1024)));

        await RegistryAssert.FailsAsync(() => ReadAsync(As(Alice)), DiagnosticCodes.NotARegistry, Registry.Address);
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [TestProperty("Catalogue", "70")]
    public async Task A_password_that_the_registry_itself_does_not_take_is_sent_once_and_told()
    {
        Registry.On(_ => true, Unauthorized("Basic realm=\"lab\""), times: 100);

        await RegistryAssert.FailsAsync(
            () => ReadAsync(As(Alice)),
            DiagnosticCodes.RegistryUnauthorized,
            "did not take the credential from the file ~/.docker/config.json (UNAUTHORIZED: authentication required)",
            $"podman login {Registry.Address}");

        CollectionAssert.AreEqual(new[] { null, Basic("alice", "s3cret-of-alice") }, Registry.Requests.Select(request => request.Authorization).ToArray());
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    public async Task Who_has_no_credentials_is_told_where_to_put_them()
    {
        Registry.On(_ => true, Unauthorized("Basic realm=\"lab\""));
        var name = Registry.Address.Replace('.', '_').Replace(':', '_');

        await RegistryAssert.FailsAsync(
            () => ReadAsync(As()),
            DiagnosticCodes.RegistryUnauthorized,
            "wants credentials",
            $"docker login {Registry.Address}",
            $"podman login {Registry.Address}",
            $"MULTIARCH_REGISTRY_USER_{name}",
            $"MULTIARCH_REGISTRY_PASSWORD_{name}");
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [TestProperty("Catalogue", "73")]
    public async Task A_redirect_within_the_registry_keeps_who_asks_and_one_elsewhere_does_not()
    {
        using var storage = new ScriptedRegistry();
        Registry.On("GET", Manifest, Unauthorized("Basic realm=\"lab\""));
        Registry.On("GET", Manifest, new Reply(307) { Headers = { ["Location"] = "/here" } });
        Registry.On("GET", "/here", new Reply(307) { Headers = { ["Location"] = $"{storage.Origin}/there" } });
        storage.On("GET", "/there", new Reply(200, "ok"));

        Assert.AreEqual("ok", await ReadAsync(As(Alice)));

        Assert.AreEqual(Basic("alice", "s3cret-of-alice"), Registry.Requests[^1].Authorization);
        Assert.IsNull(storage.Requests.Single().Authorization);
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [TestProperty("Catalogue", "27")]
    [TestProperty("Catalogue", "73")]
    public async Task Who_is_elsewhere_is_not_answered_when_it_asks_who_asks()
    {
        using var storage = new ScriptedRegistry();
        var logins = new Logins(Alice);
        Registry.On("GET", Manifest, new Reply(307) { Headers = { ["Location"] = $"{storage.Origin}/there" } });
        storage.On("GET", "/there", Unauthorized(BearerChallenge));

        await RegistryAssert.FailsAsync(() => ReadAsync(Reach(logins)), DiagnosticCodes.RegistryDenied, storage.Address, "no credentials are sent");

        Assert.AreEqual(0, logins.Asked);
        Assert.IsEmpty(Tokens.Requests);
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    public async Task Who_is_elsewhere_cannot_send_us_back_to_the_registry_with_credentials()
    {
        using var storage = new ScriptedRegistry();
        Registry.On(request => request.Target == Manifest && request.Authorization is null, Unauthorized("Basic realm=\"lab\""));
        Registry.On("GET", Manifest, new Reply(307) { Headers = { ["Location"] = $"{storage.Origin}/there" } });
        storage.On("GET", "/there", new Reply(307) { Headers = { ["Location"] = $"{Registry.Origin}/v2/secret/manifests/1.0" } });
        Registry.On("GET", "/v2/secret/", Unauthorized("Basic realm=\"lab\""), times: 10);

        await RegistryAssert.FailsAsync(() => ReadAsync(As(Alice)), DiagnosticCodes.RegistryDenied, "no credentials are sent");

        Assert.IsNull(Registry.Requests[^1].Authorization);
        Assert.HasCount(3, Registry.Requests);
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    public async Task Nor_can_it_in_the_middle_of_an_upload()
    {
        using var storage = new ScriptedRegistry();
        Registry.On(request => request.Authorization is null, Unauthorized("Basic realm=\"lab\""));
        Registry.On("HEAD", "/v2/app/blobs/", new Reply(404));
        Registry.On("POST", "/v2/app/blobs/uploads/", new Reply(202) { Headers = { ["Location"] = $"{storage.Origin}/session" } });
        storage.On("PATCH", "/session", new Reply(202) { Headers = { ["Location"] = $"{Registry.Origin}/v2/secret/manifests/latest", ["Range"] = "0-3" } });
        Registry.On(_ => true, Unauthorized("Basic realm=\"lab\""), times: 100);
        var transport = Transport(Options with { Credentials = new Logins(Alice), Retries = RetryLimits.None, ChunkSize = 4 });
        var blob = TestBlob.Of("two chunks");

        await RegistryAssert.FailsAsync(
            () => new RegistryClient(new ImageReference(Registry.Address, "app"), transport).WriteBlobAsync(blob.Descriptor, blob.Source(), CancellationToken),
            DiagnosticCodes.RegistryDenied,
            "no credentials are sent");

        Assert.IsTrue(Registry.Requests.Any(request => request.Path == "/v2/secret/manifests/latest"));
        Assert.IsTrue(Registry.Requests.Where(request => request.Path.StartsWith("/v2/secret/", StringComparison.Ordinal)).All(request => request.Authorization is null));
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    public async Task A_warning_that_says_the_secret_back_is_not_told()
    {
        Registry.On(request => request.Authorization is null, Unauthorized("Basic realm=\"lab\""));
        Registry.On(_ => true, request => new Reply(200, "ok")
        {
            MoreHeaders = { ("Warning", $"299 - \"you are {request.Authorization}\""), ("Warning", "299 - \"your token s3cret-of-alice ends soon\""), ("Warning", "299 - \"be quick\"") },
        });

        Assert.AreEqual("ok", await ReadAsync(As(Alice)));

        CollectionAssert.AreEqual(new[] { new RegistryEvent.Warning(Registry.Address, "be quick") }, Events.ToArray());
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [TestProperty("Catalogue", "76")]
    public async Task A_registry_that_says_the_secret_back_is_not_quoted()
    {
        Registry.On(request => request.Authorization is null, Unauthorized("Basic realm=\"lab\""));
        Registry.On(_ => true, request => new Reply(403, "{\"errors\":[{\"code\":\"DENIED\",\"message\":\"not with " + request.Authorization + "\"}]}"));
        Registry.On(_ => true, new Reply(500, """{"errors":[{"code":"UNKNOWN","message":"s3cret-of-alice is not it"}]}"""));
        var transport = As(Alice);

        var denied = await RegistryAssert.FailsAsync(() => ReadAsync(transport), DiagnosticCodes.RegistryDenied);
        var failed = await RegistryAssert.FailsAsync(() => ReadAsync(transport), DiagnosticCodes.RegistryFailed);

        Assert.DoesNotContain(Basic("alice", "s3cret-of-alice")["Basic ".Length..], denied.Message);
        Assert.DoesNotContain("s3cret", failed.Message);
        StringAssert.Contains(failed.Message, "(UNKNOWN)");
    }
}
