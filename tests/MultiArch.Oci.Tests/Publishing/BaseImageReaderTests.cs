using MultiArch.Oci.Formats;
using MultiArch.Oci.Images;
using MultiArch.Oci.Publishing;
using MultiArch.Oci.Storage;
using MultiArch.Oci.Tests.Formats;
using MultiArch.Oci.Tests.Storage;

namespace MultiArch.Oci.Tests.Publishing;

[TestClass]
public sealed class BaseImageReaderTests
{
    private const string Empty = "application/vnd.oci.empty.v1+json";

    private static readonly Platform ArmV7 = new("arm", "linux", "v7");

    public required TestContext TestContext { get; init; }

    [TestMethod]
    [TestProperty("Catalogue", "77")]
    public async Task A_platform_that_is_missing_is_named_beside_those_that_are_offered()
    {
        var store = new RecordingStore();
        var amd64 = await EntryAsync(store, Platform.LinuxAmd64);
        await TagAsync(store, amd64, await EntryAsync(store, ArmV7), amd64 with { Platform = new("unknown", "unknown") });

        var error = await RefusesAsync(store, Platform.LinuxArm64);

        Assert.AreEqual(DiagnosticCodes.BaseLacksPlatform, error.Code);
        Assert.Contains("no image for linux/arm64", error.Message);
        Assert.Contains("It offers: linux/amd64, linux/arm/v7.", error.Message);
    }

    [TestMethod]
    [DataRow("linux/arm64/v8", "linux/arm64", "linux/arm64/v8")]
    [DataRow("linux/aarch64", "linux/arm64", "linux/arm64")]
    [DataRow("linux/arm", "linux/arm/v7", "linux/arm/v7")]
    public async Task A_platform_is_found_however_it_is_spelt_and_spelt_as_clients_look_for_it(string entry, string wanted, string spelt)
    {
        var store = new RecordingStore();
        await TagAsync(store, await EntryAsync(store, Platform.LinuxAmd64), await EntryAsync(store, Platform.Parse(entry)));

        var image = await ReadAsync(store, Platform.Parse(wanted));

        Assert.AreEqual(spelt, image.Config.Platform.ToString());
    }

    [TestMethod]
    [TestProperty("Catalogue", "78")]
    public async Task An_index_that_says_arm64_of_an_amd64_config_is_refused()
    {
        var store = new RecordingStore();
        await TagAsync(store, (await EntryAsync(store, Platform.LinuxAmd64)) with { Platform = Platform.LinuxArm64 });

        var error = await RefusesAsync(store, Platform.LinuxArm64);

        Assert.AreEqual(DiagnosticCodes.BaseContradictsItself, error.Code);
        Assert.Contains("its index says linux/arm64 and that image's config says linux/amd64", error.Message);
    }

    [TestMethod]
    [TestProperty("Catalogue", "77")]
    public async Task A_single_image_of_another_architecture_is_refused_with_its_own()
    {
        var store = new RecordingStore();
        await store.TagAsync(await StoredImage.WriteAsync(store, Platform.LinuxAmd64, "x"), ["1"], TestContext.CancellationToken);

        var error = await RefusesAsync(store, Platform.LinuxArm64);

        Assert.AreEqual(DiagnosticCodes.BaseLacksPlatform, error.Code);
        Assert.Contains("It offers: linux/amd64.", error.Message);
    }

    [TestMethod]
    public async Task A_single_image_serves_its_own_platform()
    {
        var store = new RecordingStore();
        var manifest = await StoredImage.WriteAsync(store, Platform.LinuxAmd64, "x", "y");
        await store.TagAsync(manifest, ["1"], TestContext.CancellationToken);

        var image = await ReadAsync(store, Platform.LinuxAmd64);

        Assert.AreEqual(manifest.Digest, image.Digest);
        Assert.HasCount(2, image.Layers);
    }

    [TestMethod]
    [DataRow("""{"type":"layers","diff_ids":[]}""", "1 layers and its config 0 diff_ids")]
    [DataRow("""{"type":"other","diff_ids":["sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"]}""", "cannot be used")]
    [DataRow("null", "rootfs.diff_ids")]
    [TestProperty("Catalogue", "83")]
    public async Task A_config_that_does_not_match_its_layers_is_refused(string rootfs, string how)
    {
        var store = new RecordingStore();
        var config = await StoredImage.WriteBlobAsync(store, $$"""{"architecture":"amd64","os":"linux","rootfs":{{rootfs}}}""", MediaTypes.OciConfig);
        var manifest = new ImageManifest(null, config, [await StoredImage.WriteBlobAsync(store, "x")]).ToDocument();
        await store.TagAsync(manifest, ["1"], TestContext.CancellationToken);

        var error = await RefusesAsync(store, Platform.LinuxAmd64);

        Assert.AreEqual(DiagnosticCodes.BaseContradictsItself, error.Code);
        Assert.Contains(how, error.Message);
    }

    [TestMethod]
    [TestProperty("Catalogue", "84")]
    public async Task Attestations_artifacts_and_nested_indexes_are_passed_over()
    {
        var store = new RecordingStore();
        var amd64 = await EntryAsync(store, Platform.LinuxAmd64);
        var artifact = new ImageManifest(MediaTypes.OciManifest, await StoredImage.WriteBlobAsync(store, "{}", Empty), []).ToDocument();
        await store.WriteManifestAsync(artifact, TestContext.CancellationToken);
        var missing = new Descriptor(MediaTypes.OciManifest, Digest.Of([9]), 1, new("unknown", "unknown"));
        await TagAsync(store, missing, artifact.Describe(), new Descriptor(MediaTypes.OciIndex, Digest.Of([8]), 1), amd64);

        Assert.AreEqual(amd64.Digest, (await ReadAsync(store, Platform.LinuxAmd64)).Digest);
    }

    [TestMethod]
    [TestProperty("Catalogue", "84")]
    public async Task Ten_thousand_entries_are_passed_over_or_refused_and_make_no_long_line()
    {
        var store = new RecordingStore();
        var some = await EntryAsync(store, Platform.LinuxArm64);
        await TagAsync(store, [.. Enumerable.Range(0, 10_000).Select(i => some with { Platform = new("arm64", $"os{i}") })]);

        var refusal = await RefusesAsync(store, Platform.LinuxAmd64);
        Assert.AreEqual(DiagnosticCodes.BaseLacksPlatform, refusal.Code);
        StringAssert.Contains(refusal.Message, "and 9980 more");

        store = new RecordingStore();
        some = await EntryAsync(store, Platform.LinuxArm64);
        await TagAsync(store, [.. Enumerable.Repeat(some with { Platform = null }, 10_000)]);

        Assert.AreEqual(DiagnosticCodes.BaseContradictsItself, (await RefusesAsync(store, Platform.LinuxAmd64)).Code);
        Assert.IsLessThan(200, store.Reads.Count);
    }

    [TestMethod]
    public async Task An_entry_without_a_platform_has_that_of_its_config()
    {
        var store = new RecordingStore();
        var amd64 = await EntryAsync(store, Platform.LinuxAmd64);
        var arm64 = await EntryAsync(store, Platform.LinuxArm64);
        await TagAsync(store, amd64 with { Platform = null }, arm64 with { Platform = null });

        Assert.AreEqual(arm64.Digest, (await ReadAsync(store, Platform.LinuxArm64)).Digest);
    }

    [TestMethod]
    public async Task A_base_that_does_not_exist_is_named()
    {
        var error = await RefusesAsync(new RecordingStore(), Platform.LinuxAmd64);

        Assert.AreEqual(DiagnosticCodes.BaseNotFound, error.Code);
        Assert.Contains("'r.io/base:1'", error.Message);
    }

    [TestMethod]
    public async Task A_manifest_that_the_index_names_and_the_store_lacks_is_named()
    {
        var store = new RecordingStore();
        await TagAsync(store, new Descriptor(MediaTypes.OciManifest, Digest.Of([9]), 1, Platform.LinuxAmd64));

        var error = await RefusesAsync(store, Platform.LinuxAmd64);

        Assert.AreEqual(DiagnosticCodes.BaseContradictsItself, error.Code);
        Assert.Contains(Digest.Of([9]).ToString(), error.Message);
    }

    [TestMethod]
    public async Task A_manifest_of_another_size_than_the_index_says_is_refused()
    {
        var store = new RecordingStore();
        var amd64 = await EntryAsync(store, Platform.LinuxAmd64);
        await TagAsync(store, amd64 with { Size = amd64.Size + 1 });

        Assert.AreEqual(DiagnosticCodes.BaseContradictsItself, (await RefusesAsync(store, Platform.LinuxAmd64)).Code);
    }

    [TestMethod]
    [TestProperty("Catalogue", "83")]
    public async Task A_config_above_4_MiB_is_refused_before_it_is_read()
    {
        var store = new RecordingStore();
        var config = new Descriptor(MediaTypes.OciConfig, Digest.Of([7]), Document.MaxSize + 1);
        await store.TagAsync(new ImageManifest(null, config, []).ToDocument(), ["1"], TestContext.CancellationToken);

        Assert.AreEqual(DiagnosticCodes.BaseContradictsItself, (await RefusesAsync(store, Platform.LinuxAmd64)).Code);
        Assert.DoesNotContain($"open {config.Digest}", store.Reads);
    }

    [TestMethod]
    [DataRow(MediaTypes.OciIndex, """{"manifests":[],"layers":[]}""")]
    [DataRow(MediaTypes.OciIndex, """{"config":{},"layers":[]}""")]
    [DataRow(MediaTypes.OciManifest, """{"manifests":[]}""")]
    [DataRow(MediaTypes.OciManifest, "<html>")]
    [DataRow("application/vnd.docker.distribution.manifest.v1+prettyjws", """{"schemaVersion":1,"fsLayers":[]}""")]
    [TestProperty("Catalogue", "79")]
    [TestProperty("Catalogue", "80")]
    public async Task A_document_that_is_not_what_it_says_is_refused(string mediaType, string text)
    {
        var store = new RecordingStore();
        await store.TagAsync(new Document(mediaType, Json.Bytes(text)), ["1"], TestContext.CancellationToken);

        Assert.AreEqual(DiagnosticCodes.BaseContradictsItself, (await RefusesAsync(store, Platform.LinuxAmd64)).Code);
    }

    [TestMethod]
    [TestProperty("Catalogue", "86")]
    public async Task A_tag_that_moves_meanwhile_does_not_mix_two_versions()
    {
        var store = new RecordingStore();
        var old = new[] { await EntryAsync(store, Platform.LinuxAmd64), await EntryAsync(store, Platform.LinuxArm64) };
        await TagAsync(store, old);
        var reader = new BaseImageReader(new OneSource(store), new BaseDocuments(folder: null));
        var reference = BaseReference.Parse("r.io/base:1", "/");

        await reader.ReadAsync(reference, Platform.LinuxAmd64, locked: null, TestContext.CancellationToken);
        await TagAsync(store, (await StoredImage.WriteAsync(store, Platform.LinuxArm64, "new")).Describe() with { Platform = Platform.LinuxArm64 });
        var (second, _) = await reader.ReadAsync(reference, Platform.LinuxArm64, locked: null, TestContext.CancellationToken);

        Assert.AreEqual(old[1].Digest, second.Digest);
        Assert.HasCount(1, store.Reads.Where(read => read == "find 1"));
    }

    [TestMethod]
    public async Task A_locked_manifest_is_read_and_the_tag_not_asked()
    {
        var store = new RecordingStore();
        var locked = await EntryAsync(store, Platform.LinuxArm64);
        await TagAsync(store, (await StoredImage.WriteAsync(store, Platform.LinuxArm64, "new")).Describe() with { Platform = Platform.LinuxArm64 });

        var (image, _) = await new BaseImageReader(new OneSource(store), new BaseDocuments(folder: null))
            .ReadAsync(BaseReference.Parse("r.io/base:1", "/"), Platform.LinuxArm64, locked.Digest, TestContext.CancellationToken);

        Assert.AreEqual(locked.Digest, image.Digest);
        Assert.DoesNotContain("find 1", store.Reads);
    }

    [TestMethod]
    public async Task A_locked_manifest_that_is_gone_says_how_to_lock_another()
    {
        var store = new RecordingStore();
        await TagAsync(store, await EntryAsync(store, Platform.LinuxArm64));
        var gone = Digest.Of("gone"u8);

        var error = await Assert.ThrowsExactlyAsync<MultiArchException>(() => new BaseImageReader(new OneSource(store), new BaseDocuments(folder: null))
            .ReadAsync(BaseReference.Parse("r.io/base:1", "/"), Platform.LinuxArm64, gone, TestContext.CancellationToken));

        Assert.AreEqual(DiagnosticCodes.LockedBaseGone, error.Code);
        Assert.Contains($"has no {gone} any more", error.Message);
        Assert.Contains("-t:UpdateMultiArchLock", error.Message);
    }

    [TestMethod]
    public async Task A_locked_manifest_of_another_platform_is_refused()
    {
        var store = new RecordingStore();
        var amd64 = await EntryAsync(store, Platform.LinuxAmd64);

        var error = await Assert.ThrowsExactlyAsync<MultiArchException>(() => new BaseImageReader(new OneSource(store), new BaseDocuments(folder: null))
            .ReadAsync(BaseReference.Parse("r.io/base:1", "/"), Platform.LinuxArm64, amd64.Digest, TestContext.CancellationToken));

        Assert.AreEqual(DiagnosticCodes.BaseLacksPlatform, error.Code);
    }

    [TestMethod]
    public async Task Nothing_as_base_has_no_store()
    {
        var (image, store) = await new BaseImageReader(new OneSource(new RecordingStore()), new BaseDocuments(folder: null)).ReadAsync(BaseReference.Scratch.Instance, ArmV7, locked: null, TestContext.CancellationToken);

        Assert.IsNull(store);
        Assert.IsNull(image.Digest);
        Assert.AreEqual(ArmV7, image.Config.Platform);
    }

    private static async Task<Descriptor> EntryAsync(RecordingStore store, Platform platform) =>
        (await StoredImage.WriteAsync(store, platform, $"layer {platform}")).Describe() with { Platform = platform };

    private static async Task TagAsync(RecordingStore store, params Descriptor[] entries) =>
        await store.TagAsync(await StoredImage.WriteIndexAsync(store, entries), ["1"], CancellationToken.None);

    private async Task<BaseImage> ReadAsync(RecordingStore store, Platform platform) =>
        (await new BaseImageReader(new OneSource(store), new BaseDocuments(folder: null)).ReadAsync(BaseReference.Parse("r.io/base:1", "/"), platform, locked: null, TestContext.CancellationToken)).Image;

    private Task<MultiArchException> RefusesAsync(RecordingStore store, Platform platform) =>
        Assert.ThrowsExactlyAsync<MultiArchException>(() => ReadAsync(store, platform));

    private sealed class OneSource(IImageStore store) : IImageSources
    {
        public IImageStore Open(BaseReference reference) => store;

        public IImageStore OpenCache(ImageReference reference) => store;
    }
}
