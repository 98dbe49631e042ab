using MultiArch.Oci;
using MultiArch.Oci.Formats;
using MultiArch.Oci.Storage;
using MultiArch.Testing;

namespace MultiArch.Registry.Tests;

/// <summary>Manifests that are stored, or said not to be.</summary>
[TestClass]
public sealed class ManifestRetryTests(TestContext context) : ScriptedTest(context)
{
    private const string Manifests = "/v2/app/manifests/";
    private const string Blobs = "/v2/app/blobs/";

    private readonly TestBlob _config = TestBlob.Of("{}");
    private readonly TestBlob _layer = TestBlob.Of("layer");

    private Document Manifest => field ??= new ImageManifest(MediaTypes.OciManifest, _config.Descriptor with { MediaType = MediaTypes.OciConfig }, [_layer.Descriptor]).ToDocument();

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [TestProperty("Catalogue", "6")]
    public async Task A_manifest_whose_answer_was_lost_is_looked_for_and_not_sent_again()
    {
        Registry.On("PUT", Manifests, new Reply(201) { Fault = Fault.Lost });
        Registry.On("HEAD", Manifests, Named(Manifest));

        await Connect(Patient).WriteManifestAsync(Manifest, CancellationToken);

        Assert.AreEqual("PUT HEAD", Methods());
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [TestProperty("Catalogue", "49")]
    public async Task A_manifest_that_names_what_is_not_there_is_refused_with_what_that_is()
    {
        Registry.On("PUT", Manifests, Error("MANIFEST_BLOB_UNKNOWN"));
        Registry.On("HEAD", Blobs + _config.Descriptor.Digest, new Reply(200, _config.Content));
        Registry.On("HEAD", Blobs + _layer.Descriptor.Digest, new Reply(404));

        var failure = await Assert.ThrowsExactlyAsync<MissingContentException>(() => Connect(Patient).WriteManifestAsync(Manifest, CancellationToken));

        Assert.AreEqual(_layer.Descriptor.Digest, failure.Missing.Single().Digest);
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [TestProperty("Catalogue", "50")]
    public async Task An_index_is_sent_again_until_the_registry_sees_the_manifest_that_it_has()
    {
        var index = TestImage.Index(Manifest);
        Registry.On("PUT", Manifests, Error("MANIFEST_BLOB_UNKNOWN"), times: 3);
        Registry.On("HEAD", Manifests + Manifest.Digest, Named(Manifest), times: 3);
        Registry.On("HEAD", Manifests + index.Digest, new Reply(404), times: 3);
        Registry.On("PUT", Manifests, new Reply(201));

        await Connect(Patient).WriteManifestAsync(index, CancellationToken);

        Assert.HasCount(4, Registry.Lines.Where(line => line == $"PUT {Manifests}{index.Digest}"));
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [TestProperty("Catalogue", "50")]
    public async Task An_index_without_its_manifest_is_refused_with_what_is_missing()
    {
        Registry.On("PUT", Manifests, Error("MANIFEST_UNKNOWN"));
        Registry.On("HEAD", Manifests, new Reply(404));

        var failure = await Assert.ThrowsExactlyAsync<MissingContentException>(() => Connect(Patient).WriteManifestAsync(TestImage.Index(Manifest), CancellationToken));

        Assert.AreEqual(Manifest.Digest, failure.Missing.Single().Digest);
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [DataRow(400, "")]
    [DataRow(404, "")]
    [DataRow(415, "")]
    [DataRow(400, "MANIFEST_INVALID")]
    [DataRow(405, "UNSUPPORTED")]
    [TestProperty("Catalogue", "52")]
    public async Task An_index_that_an_old_registry_refuses_is_told_with_the_format_to_try(int status, string code)
    {
        Registry.On("PUT", Manifests, new Reply(status, code is "" ? "" : $$"""{"errors":[{"code":"{{code}}","message":"no"}]}"""));

        await RegistryAssert.FailsAsync(
            () => Connect(Patient).WriteManifestAsync(TestImage.Index(Manifest), CancellationToken),
            DiagnosticCodes.RegistryRefused,
            $"{status}",
            "set ContainerImageFormat to Docker");
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [DataRow(405, "", "GET")]
    [DataRow(200, "", "GET")]
    [TestProperty("Catalogue", "17")]
    [TestProperty("Catalogue", "22")]
    public async Task Where_HEAD_tells_no_digest_a_tag_is_read_and_hashed(int status, string digest, string then)
    {
        Registry.On("HEAD", Manifests, new Reply(status) { Headers = { ["Docker-Content-Digest"] = digest } });
        Registry.On("GET", Manifests, new Reply(200, Manifest.Bytes.ToArray(), Manifest.MediaType));

        await Connect(Patient).TagAsync(Manifest, ["1.0"], CancellationToken);

        Assert.AreEqual($"HEAD {then}", Methods());
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [TestProperty("Catalogue", "18")]
    public async Task A_tag_that_may_be_written_and_not_read_is_written()
    {
        Registry.On("HEAD", Manifests, new Reply(403), times: 2);
        Registry.On("GET", Manifests, new Reply(403), times: 2);
        Registry.On("PUT", Manifests, new Reply(201));

        await Connect(Patient).TagAsync(Manifest, ["1.0"], CancellationToken);
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    public async Task An_image_is_read_back_with_the_bytes_of_its_documents_and_the_sizes_of_its_layers()
    {
        var index = TestImage.Index(Manifest);
        Registry.On("GET", Manifests + index.Digest, Content(index));
        Registry.On("GET", Manifests + Manifest.Digest, Content(Manifest));
        Registry.On("GET", Blobs + _config.Descriptor.Digest, new Reply(200, _config.Content));
        Registry.On("HEAD", Blobs + _layer.Descriptor.Digest, new Reply(200, _layer.Content));

        Assert.IsEmpty(await Connect(Patient).FindMissingAsync(index, CancellationToken));
        Assert.HasCount(4, Registry.Requests);
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [TestProperty("Catalogue", "49")]
    public async Task What_is_gone_when_an_image_is_read_back_is_found()
    {
        var index = TestImage.Index(Manifest);
        Registry.On("GET", Manifests + index.Digest, Content(index));
        Registry.On("GET", Manifests + Manifest.Digest, Content(Manifest));
        Registry.On("GET", Blobs + _config.Descriptor.Digest, new Reply(404), times: Patient.Retries.Attempts);
        Registry.On("HEAD", Blobs + _layer.Descriptor.Digest, new Reply(404), times: Patient.Retries.Attempts);

        var missing = await Connect(Patient).FindMissingAsync(index, CancellationToken);

        CollectionAssert.AreEquivalent(new[] { _config.Descriptor.Digest, _layer.Descriptor.Digest }, missing.Select(content => content.Digest).ToArray());
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [TestProperty("Catalogue", "50")]
    public async Task A_manifest_that_is_not_seen_at_once_is_looked_for_again_and_one_that_stays_away_is_missing()
    {
        Registry.On("GET", Manifests, new Reply(404), times: 2);
        Registry.On("GET", Manifests, Content(TestImage.Index()));
        Assert.IsEmpty(await Connect(Patient).FindMissingAsync(TestImage.Index(), CancellationToken));

        Registry.On("GET", Manifests, new Reply(404), times: 100);
        Assert.AreEqual(Manifest.Digest, (await Connect(Patient).FindMissingAsync(Manifest, CancellationToken)).Single().Digest);
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [TestProperty("Catalogue", "50")]
    public async Task Blobs_that_are_not_seen_at_once_are_looked_for_again()
    {
        Registry.On("GET", Manifests, Content(Manifest));
        Registry.On("GET", Blobs, new Reply(404), times: 2);
        Registry.On("GET", Blobs, new Reply(200, _config.Content));
        Registry.On("HEAD", Blobs, new Reply(404), times: 2);
        Registry.On("HEAD", Blobs, new Reply(200, _layer.Content));

        Assert.IsEmpty(await Connect(Patient).FindMissingAsync(Manifest, CancellationToken));
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [TestProperty("Catalogue", "55")]
    public async Task Whoever_cancels_while_an_image_is_read_back_does_not_wait_for_it()
    {
        Registry.On("GET", Manifests, Content(Manifest));
        Registry.On("GET", Blobs, new Reply(200, _config.Content));
        Registry.On("HEAD", Blobs, new Reply(200, _layer.Content) { Fault = Fault.Stall });
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(CancellationToken);

        var missing = Connect(Patient with { IdleTimeout = TimeSpan.FromHours(1) }).FindMissingAsync(Manifest, cancellation.Token);
        await Registry.Stalled.WaitAsync(CancellationToken);
        await cancellation.CancelAsync();

        await Assert.ThrowsAsync<OperationCanceledException>(() => missing);
        Assert.IsFalse(CancellationToken.IsCancellationRequested);
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [TestProperty("Catalogue", "23")]
    public async Task A_registry_that_gives_back_another_manifest_or_layer_is_found_out()
    {
        Registry.On("GET", Manifests, Content(TestImage.Manifest()), times: Patient.Retries.Attempts);
        await RegistryAssert.FailsAsync(
            () => Connect(Patient).FindMissingAsync(Manifest, CancellationToken), DiagnosticCodes.RegistryContentMismatch, Manifest.Digest.ToString());

        Registry.On("GET", Manifests, Content(Manifest));
        Registry.On("GET", Blobs, new Reply(200, _config.Content));
        Registry.On("HEAD", Blobs, new Reply(200, "another length"));
        await RegistryAssert.FailsAsync(
            () => Connect(Patient).FindMissingAsync(Manifest, CancellationToken), DiagnosticCodes.RegistryContentMismatch, _layer.Descriptor.Digest.ToString());
    }

    private static Reply Named(Document manifest) => new(200) { Headers = { ["Docker-Content-Digest"] = manifest.Digest.ToString() } };

    private static Reply Content(Document manifest) => new(200, manifest.Bytes.ToArray(), manifest.MediaType);

    private static Reply Error(string code) => new(400, $$"""{"errors":[{"code":"{{code}}","message":"some words"}]}""");

    private string Methods() => string.Join(' ', Registry.Requests.Select(request => request.Method));
}
