using MultiArch.Oci.Formats;
using MultiArch.Oci.Publishing;
using MultiArch.Oci.Publishing.Combining;
using MultiArch.Oci.Storage;
using MultiArch.Oci.Tests.Storage;

namespace MultiArch.Oci.Tests.Publishing.Combining;

/// <summary>What cannot become one index is refused with one line, and nothing is written.</summary>
[TestClass]
public sealed class CombineRefusalTests
{
    private const string App = "r.io/app";

    private readonly Combination _combination = new();

    public required TestContext TestContext { get; init; }

    private CancellationToken Token => TestContext.CancellationToken;

    [TestMethod]
    public async Task A_platform_that_comes_twice()
    {
        var (one, other) = (await _combination.WriteAsync(App, Platform.LinuxArm64, "a"), await _combination.WriteAsync(App, new("aarch64", "linux", "v8"), "b"));

        Assert.Contains($"'{one.Name}' and '{other.Name}' both have an image for linux/arm64, {one.Image.Digest} and", await _combination.RefusesAsync(DiagnosticCodes.ChildTwice, Token, one, other));
        Assert.Contains("linux/arm64, the same one,", await _combination.RefusesAsync(DiagnosticCodes.ChildTwice, Token, one, one));
    }

    [TestMethod]
    public async Task Both_formats_in_one_index()
    {
        var oci = await _combination.WriteAsync(App, Platform.LinuxArm64, "a");
        var config = (ImageConfig.Empty(Platform.LinuxAmd64) with { RootFS = new RootFileSystem([]) }).ToDocument(ImageFormat.Docker);
        var docker = await WriteAsync(config, new ImageManifest(MediaTypes.DockerManifest, config.Describe(), []));

        Assert.Contains("linux/amd64 in Docker's format", await _combination.RefusesAsync(DiagnosticCodes.MixedMediaFamilies, Token, oci, docker));
        Assert.AreEqual(MediaTypes.DockerIndex, (await _combination.CombineAsync(Token, docker)).Index!.MediaType, "Docker's images are joined by Docker's index.");
    }

    [TestMethod]
    public async Task An_image_that_is_missing()
    {
        var gone = Combination.Source(App, StoredImageOf("gone"));
        var index = await StoredImage.WriteIndexAsync(_combination.Destination, StoredImageOf("gone").Describe() with { Platform = Platform.LinuxArm64 });

        Assert.Contains($"{gone.Image} does not exist", await _combination.RefusesAsync(DiagnosticCodes.ChildMissing, Token, gone));
        Assert.Contains("for linux/arm64, which is missing", await _combination.RefusesAsync(DiagnosticCodes.ChildMissing, Token, Combination.Source(App, index)));
    }

    [TestMethod]
    public async Task An_image_whose_config_disagrees()
    {
        var arm64 = await StoredImage.WriteAsync(_combination.Destination, Platform.LinuxArm64, "arm");
        var index = await StoredImage.WriteIndexAsync(_combination.Destination, arm64.Describe() with { Platform = Platform.LinuxAmd64 });
        var layers = ImageConfig.Empty(Platform.LinuxAmd64).ToDocument(ImageFormat.Oci);
        var layerless = await WriteAsync(layers, new ImageManifest(MediaTypes.OciManifest, layers.Describe(), [StoredImage.Blob("x")]));
        var nowhere = await _combination.WriteAsync(App, new("unknown", "unknown"), "x");

        Assert.Contains($"says linux/amd64 of {arm64.Digest}, and that image's config says linux/arm64", await RefusesAsync(Combination.Source(App, index)));
        Assert.Contains("has 1 layers and its config 0 diff_ids", await RefusesAsync(layerless));
        Assert.Contains("names no platform", await RefusesAsync(nowhere));
    }

    [TestMethod]
    public async Task An_index_that_leads_to_ever_more_indexes()
    {
        var chain = await StoredImage.WriteIndexAsync(_combination.Destination, (await StoredImage.WriteAsync(_combination.Destination, Platform.LinuxArm64, "arm")).Describe());
        Assert.HasCount(1, (await _combination.CombineAsync(Token, Combination.Source(App, chain))).Images);
        for (var i = 0; i < 600; i++)
        {
            chain = await StoredImage.WriteIndexAsync(_combination.Destination, chain.Describe());
        }

        Assert.Contains("it lists more than 512 images and attestations", await RefusesAsync(Combination.Source(App, chain)));
    }

    [TestMethod]
    public async Task An_image_of_which_image_json_says_something_else()
    {
        using var publication = new Publication { Asking = request => request with { SingleManifest = true, PushByDigest = true } };
        var published = await publication.PublishAsync(_combination.Destination, [publication.Plan("linux-arm64", layers: ["arm"])], Token);
        var report = ImageReport.Create(published, new("web", App, "r.io", "app", []));
        var lies = report with { Platforms = [report.Platforms[0] with { Platform = "linux/amd64" }] };
        var more = report with { Platforms = [.. report.Platforms, report.Platforms[0] with { Digest = Digest.Of([1]), Platform = "linux/s390x" }] };

        Assert.Contains("it tells of linux/amd64 at", await RefusesAsync(Combination.Source(App, published.Target, lies)));
        Assert.Contains("for linux/s390x, and", await _combination.RefusesAsync(DiagnosticCodes.ChildMissing, Token, Combination.Source(App, published.Target, more)));
    }

    [TestMethod]
    public async Task What_is_no_image()
    {
        var empty = await StoredImage.WriteIndexAsync(_combination.Destination);
        var artifact = new ImageManifest(MediaTypes.OciManifest, new Descriptor("application/vnd.example", Digest.Of([1]), 1), []).ToDocument();
        await _combination.Destination.WriteManifestAsync(artifact, Token);

        Assert.Contains("it holds no image of a platform", await RefusesAsync(Combination.Source(App, empty)));
        Assert.Contains("it is no image", await RefusesAsync(Combination.Source(App, artifact)));
    }

    [TestMethod]
    public async Task A_set_without_a_required_platform()
    {
        _combination.Asking = request => request with { RequiredPlatforms = [Platform.LinuxAmd64, new("arm", "linux", "v7")] };

        Assert.Contains(
            "asks for linux/arm/v7, and there is only linux/amd64",
            await _combination.RefusesAsync(DiagnosticCodes.RequiredPlatformMissing, Token, await _combination.WriteAsync(App, Platform.LinuxAmd64, "x")));
    }

    private static Document StoredImageOf(string text) => new ImageManifest(MediaTypes.OciManifest, StoredImage.Blob(text, MediaTypes.OciConfig), []).ToDocument();

    private Task<string> RefusesAsync(CombineSource source) => _combination.RefusesAsync(DiagnosticCodes.ChildContradictsItself, Token, source);

    private async Task<CombineSource> WriteAsync(Document config, ImageManifest content)
    {
        var manifest = content.ToDocument();
        await _combination.Destination.WriteBlobAsync(config.Describe(), BlobSource.FromBytes(config.Bytes), Token);
        await _combination.Destination.WriteManifestAsync(manifest, Token);
        return Combination.Source(App, manifest);
    }
}
