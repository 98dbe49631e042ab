using MultiArch.Oci;
using MultiArch.Oci.Formats;
using MultiArch.Oci.Publishing;
using MultiArch.Oci.Publishing.Combining;
using MultiArch.Oci.Registry;
using MultiArch.Oci.Registry.Transport;
using MultiArch.Oci.Storage;
using MultiArch.Testing;

namespace MultiArch.Registry.Tests.RealServers;

/// <summary>Images of several repositories and registries become one index, in docker-registry, and skopeo reads it.</summary>
[TestClass]
public sealed class CombineAcrossRegistriesTests(TestContext context)
{
    private const int Timeout = 120_000;

    private CancellationToken Token => context.CancellationToken;

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    public async Task What_the_registry_has_is_mounted_the_rest_is_streamed_and_skopeo_finds_both_formats_whole()
    {
        Tool.Require("skopeo");
        using var target = await RegistryProcess.StartAsync(Token);
        using var elsewhere = await RegistryProcess.StartAsync(Token);
        using var transport = new RegistryTransport(new RegistryOptions());
        var near = await WriteAsync(transport, $"{target.Address}/other", Platform.LinuxAmd64);
        var far = await WriteAsync(transport, $"{elsewhere.Address}/app", Platform.LinuxArm64);

        var report = await CombineAsync(transport, $"{target.Address}/app", near, far);

        Assert.AreEqual(BlobWrite.Mounted, report.Images[0].Layers.Single().Write);
        Assert.AreEqual(BlobWrite.Uploaded, report.Images[1].Layers.Single().Write);
        // As another tool has it, in Docker's format, and back again.
        (await SkopeoAsync("copy", "--all", "--format", "v2s2", "--src-tls-verify=false", "--dest-tls-verify=false", $"docker://{target.Address}/app:1.0", $"docker://{elsewhere.Address}/docker:7")).ShouldSucceed();
        var docker = await CombineAsync(transport, $"{target.Address}/docker", $"{elsewhere.Address}/docker:7");
        var raw = (await SkopeoAsync("inspect", "--raw", "--tls-verify=false", $"docker://{target.Address}/docker:1.0")).ShouldSucceed();
        Assert.AreEqual(docker.Index!.Digest, Digest.Of(System.Text.Encoding.UTF8.GetBytes(raw.StandardOutput.TrimEnd('\n'))));
        Assert.AreEqual(MediaTypes.DockerIndex, docker.Index.MediaType);
        Assert.AreEqual("linux/amd64 linux/arm64", string.Join(' ', docker.Images.Select(image => image.Platform)));
    }

    private async Task<PublishReport> CombineAsync(RegistryTransport transport, string destination, params string[] sources)
    {
        using var stores = new ImageSources(transport);
        var combiner = new ImageCombiner(new RegistryClient(ImageReference.Parse(destination), transport), stores.OpenChild, new Progress<PublishEvent>(), TimeProvider.System);
        return await combiner.CombineAsync(new CombineRequest([.. sources.Select(source => new CombineSource(source, ImageReference.Parse(source)))], ["1.0"]), Token);
    }

    /// <returns>The image's reference by digest.</returns>
    private async Task<string> WriteAsync(RegistryTransport transport, string repository, Platform platform)
    {
        var store = new RegistryClient(ImageReference.Parse(repository), transport);
        var layer = TestBlob.OfSize(platform == Platform.LinuxAmd64 ? 200_000 : 300_000);
        var config = (ImageConfig.Empty(platform) with { RootFS = new RootFileSystem([layer.Descriptor.Digest]) }).ToDocument(ImageFormat.Oci);
        await store.WriteBlobAsync(layer.Descriptor, layer.Source(), Token);
        await store.WriteBlobAsync(config.Describe(), BlobSource.FromBytes(config.Bytes), Token);
        var manifest = new ImageManifest(MediaTypes.OciManifest, config.Describe(), [layer.Descriptor]).ToDocument();
        await store.WriteManifestAsync(manifest, Token);
        return $"{repository}@{manifest.Digest}";
    }

    private Task<CommandResult> SkopeoAsync(params string[] arguments) => new CommandLine("skopeo", arguments).RunAsync(Token);
}
