using MultiArch.Oci;
using MultiArch.Oci.Formats;
using MultiArch.Testing;

namespace MultiArch.Registry.Tests;

/// <summary>Manifests and tags, where a real registry would always answer the same.</summary>
[TestClass]
public sealed class ManifestTests(TestContext context) : ScriptedTest(context)
{
    private const string Manifests = "/v2/app/manifests/";

    private readonly Document _manifest = TestImage.Manifest();

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    public async Task A_manifest_is_asked_for_in_all_four_types()
    {
        Registry.On("GET", Manifests, new Reply(200, _manifest.Bytes.ToArray(), $"{MediaTypes.OciManifest}; charset=utf-8"));

        var found = await Client.FindManifestAsync("1.0", CancellationToken);

        Assert.AreEqual(MediaTypes.OciManifest, found?.MediaType);
        CollectionAssert.AreEqual(MediaTypes.Manifests.ToArray(), Registry.Requests[0].Headers["Accept"].Split(", "));
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [TestProperty("Catalogue", "81")]
    public async Task A_manifest_of_another_digest_is_refused()
    {
        Registry.On("GET", Manifests, Manifest());

        await RegistryAssert.FailsAsync(
            () => Client.FindManifestAsync(Digest.Of([]).ToString(), CancellationToken),
            DiagnosticCodes.RegistryContentMismatch,
            Digest.Of([]).ToString(),
            _manifest.Digest.ToString());
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [TestProperty("Catalogue", "80")]
    public async Task A_manifest_that_calls_itself_something_else_is_refused()
    {
        Registry.On("GET", Manifests, new Reply(200, _manifest.Bytes.ToArray(), MediaTypes.OciIndex));

        await RegistryAssert.FailsAsync(
            () => Client.FindManifestAsync("1.0", CancellationToken),
            DiagnosticCodes.RegistryContentMismatch,
            MediaTypes.OciIndex,
            MediaTypes.OciManifest);
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [DataRow("application/vnd.docker.distribution.manifest.v1+prettyjws")]
    [DataRow("application/json")]
    [DataRow("text/html")]
    [DataRow("")]
    [TestProperty("Catalogue", "80")]
    public async Task What_is_no_manifest_at_all_is_refused(string contentType)
    {
        Registry.On("GET", Manifests, new Reply(200, "{}", contentType));

        await RegistryAssert.FailsAsync(() => Client.FindManifestAsync("1.0", CancellationToken), DiagnosticCodes.NotARegistry, Registry.Address);
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [TestProperty("Catalogue", "83")]
    public async Task A_manifest_without_end_is_not_read_to_its_end()
    {
        Registry.On("GET", Manifests, new Reply(200, new byte[Document.MaxSize + 1], MediaTypes.OciManifest));

        await RegistryAssert.FailsAsync(
            () => Client.FindManifestAsync("1.0", CancellationToken), DiagnosticCodes.DocumentTooLarge, $"{Registry.Address}/app");
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    public async Task A_page_in_place_of_a_manifest_is_no_registry()
    {
        Registry.On("GET", Manifests, new Reply(404, "<html>Not Found</html>", "text/html"));

        await RegistryAssert.FailsAsync(
            () => Client.FindManifestAsync("1.0", CancellationToken), DiagnosticCodes.NotARegistry, Registry.Address, "ContainerRegistry");
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [DataRow("application/json")]
    [DataRow("text/plain")]
    public async Task A_manifest_that_is_not_there_is_null_however_that_is_said(string contentType)
    {
        Registry.On("GET", Manifests, new Reply(404, "404 page not found", contentType));

        Assert.IsNull(await Client.FindManifestAsync("1.0", CancellationToken));
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    public async Task A_manifest_is_stored_under_its_digest_byte_for_byte()
    {
        Registry.On("PUT", Manifests, new Reply(201));

        await Client.WriteManifestAsync(_manifest, CancellationToken);

        var put = Registry.Requests.Single();
        Assert.AreEqual($"{Manifests}{_manifest.Digest}", put.Target);
        Assert.AreEqual(MediaTypes.OciManifest, put.Headers["Content-Type"]);
        CollectionAssert.AreEqual(_manifest.Bytes.ToArray(), put.Body);
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [TestProperty("Catalogue", "23")]
    public async Task A_registry_that_stores_something_else_is_found_out()
    {
        Registry.On("PUT", Manifests, new Reply(201) { Headers = { ["Docker-Content-Digest"] = Digest.Of([]).ToString() } });

        await RegistryAssert.FailsAsync(
            () => Client.WriteManifestAsync(_manifest, CancellationToken),
            DiagnosticCodes.RegistryContentMismatch,
            Digest.Of([]).ToString(),
            _manifest.Digest.ToString());
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [TestProperty("Catalogue", "24")]
    public async Task A_digest_in_another_algorithm_is_not_held_against_the_registry()
    {
        Registry.On("PUT", Manifests, new Reply(201) { Headers = { ["Docker-Content-Digest"] = "sha512:00" } });

        await Client.WriteManifestAsync(_manifest, CancellationToken);

        Assert.HasCount(1, Registry.Requests);
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    public async Task Tags_are_set_one_after_the_other_in_their_order()
    {
        foreach (var tag in new[] { "b", "a", "c" })
        {
            Registry.On("HEAD", Manifests + tag, new Reply(404));
            Registry.On("PUT", Manifests + tag, new Reply(201));
            Registry.On("HEAD", Manifests + tag, Manifest());
        }

        await Client.TagAsync(_manifest, ["b", "a", "c"], CancellationToken);

        CollectionAssert.AreEqual(
            new[] { $"HEAD {Manifests}b", $"HEAD {Manifests}a", $"HEAD {Manifests}c" }
                .Concat(new[] { "b", "a", "c" }.SelectMany(tag => new[] { $"PUT {Manifests}{tag}", $"HEAD {Manifests}{tag}" })).ToArray(),
            Registry.Lines.ToArray());
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [TestProperty("Catalogue", "53")]
    public async Task A_tag_that_cannot_be_moved_may_name_the_same_digest_again()
    {
        Registry.On("HEAD", Manifests, Manifest());
        Registry.On("PUT", Manifests, new Reply(409, """{"errors":[{"code":"TAG_INVALID","message":"tag is immutable"}]}"""));

        await Client.TagAsync(_manifest, ["1.0"], CancellationToken);

        CollectionAssert.AreEqual(new[] { $"HEAD {Manifests}1.0" }, Registry.Lines.ToArray());
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    public async Task What_is_neither_tag_nor_digest_reaches_no_registry()
    {
        await Assert.ThrowsExactlyAsync<ArgumentException>(() => Client.FindManifestAsync("../../other/manifests/1.0", CancellationToken));

        Assert.IsEmpty(Registry.Requests);
    }

    private Reply Manifest() =>
        new(200, _manifest.Bytes.ToArray(), _manifest.MediaType) { Headers = { ["Docker-Content-Digest"] = _manifest.Digest.ToString() } };
}
