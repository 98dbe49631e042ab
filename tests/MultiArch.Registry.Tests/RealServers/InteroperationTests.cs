using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using MultiArch.Oci;
using MultiArch.Oci.Formats;
using MultiArch.Oci.Registry;
using MultiArch.Oci.Registry.Transport;
using MultiArch.Oci.Storage;
using MultiArch.Testing;

namespace MultiArch.Registry.Tests.RealServers;

/// <summary>One image that was pushed once, in the hands of the tools that others use: they copy it, pull each platform, unpack it, start it and build on it.</summary>
[TestClass]
public sealed class InteroperationTests(TestContext context)
{
    private const int Timeout = 180_000;

    private static RunnableImage? Image;
    private static RegistryProcess? Registry;
    private static Document? Index;

    private static string Reference => $"{Registry!.Address}/app:{RunnableImage.Tag}";

    private CancellationToken Token => context.CancellationToken;

    [ClassInitialize]
    public static async Task PushAsync(TestContext context)
    {
        Registry = await RegistryProcess.StartAsync(context.CancellationToken);
        Image = await RunnableImage.CreateAsync(context.CancellationToken);
        using var transport = new RegistryTransport();
        Index = await Image.PublishAsync(new RegistryClient(new ImageReference(Registry.Address, "app"), transport), context.CancellationToken);
    }

    [ClassCleanup]
    public static void Stop()
    {
        Image?.Dispose();
        Registry?.Dispose();
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    public async Task Skopeo_copies_it_to_another_registry_to_a_layout_and_back_with_the_same_digests()
    {
        Tool.Require("skopeo");
        using var elsewhere = await RegistryProcess.StartAsync(Token);
        using var folder = new TempDirectory();
        var (copy, layout, back) = ($"docker://{elsewhere.Address}/copy:1", $"oci:{folder["layout"]}:1", $"docker://{elsewhere.Address}/back:1");

        await CopyAllAsync($"docker://{Reference}", copy);
        await CopyAllAsync(copy, layout);
        await CopyAllAsync(layout, back);

        foreach (var name in new[] { copy, layout, back })
        {
            var index = await SkopeoAsync("inspect", "--raw", "--tls-verify=false", name);
            Assert.AreEqual(Encoding.UTF8.GetString(Index!.Bytes.Span), index, name);
        }

        using var transport = new RegistryTransport();
        var store = new RegistryClient(new ImageReference(elsewhere.Address, "back"), transport);
        Assert.IsEmpty(await store.FindMissingAsync(Index!, Token), "Each platform is there, with all its layers.");
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [DataRow("linux/amd64")]
    [DataRow("linux/arm64")]
    public async Task Containerd_pulls_and_starts_each_platform(string name)
    {
        var platform = Platform.Parse(name);
        await using var containerd = await ContainerdProcess.StartAsync(Token);

        (await containerd.PullAsync(Reference, name)).ShouldSucceed();

        var images = (await containerd.RunAsync("images", "ls")).ShouldSucceed().StandardOutput;
        Assert.Contains(Index!.Digest.ToString(), images);
        var content = (await containerd.RunAsync("content", "ls", "--quiet")).ShouldSucceed().StandardOutput;
        foreach (var entry in ImageIndex.Parse(Index.Bytes.Span).Manifests)
        {
            Assert.AreEqual(entry.Platform == platform, content.Contains(entry.Digest.ToString(), StringComparison.Ordinal), $"{entry.Platform} of {content}");
        }

        RunnableImage.RequireToRun(platform);
        var run = (await containerd.RunImageAsync(Reference, name, "interoperation")).ShouldSucceed();
        Assert.AreEqual(RunnableImage.GreetingOf(platform), run.StandardOutput.Trim());
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    public async Task Containerd_imports_an_archive_with_all_platforms()
    {
        await using var containerd = await ContainerdProcess.StartAsync(Token);
        using var folder = new TempDirectory();
        using (var archive = ImageArchive.Create(folder["image.tar"], new ImageReference("r.example", "app"), folder["work"]))
        {
            Assert.AreEqual(Index!.Digest, (await Image!.PublishAsync(archive, Token)).Digest, "The image does not depend on where it goes.");
        }

        (await containerd.RunAsync("images", "import", "--all-platforms", "--no-unpack", folder["image.tar"])).ShouldSucceed();

        Assert.Contains($"r.example/app:{RunnableImage.Tag}", (await containerd.RunAsync("images", "ls", "--quiet")).ShouldSucceed().StandardOutput);
        var content = (await containerd.RunAsync("content", "ls", "--quiet")).ShouldSucceed().StandardOutput;
        foreach (var entry in ImageIndex.Parse(Index.Bytes.Span).Manifests)
        {
            Assert.Contains(entry.Digest.ToString(), content);
        }
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [DataRow("linux/amd64")]
    [DataRow("linux/arm64")]
    public async Task Podman_pulls_and_starts_each_platform(string name)
    {
        var platform = Platform.Parse(name);
        using var podman = PodmanEngine.Create();

        (await podman.RunAsync("pull", "--quiet", "--tls-verify=false", "--platform", name, Reference)).ShouldSucceed();

        var inspected = (await podman.RunAsync("image", "inspect", "--format", "{{.Os}}/{{.Architecture}} {{.RepoDigests}}", Reference)).ShouldSucceed().StandardOutput;
        Assert.StartsWith($"{name} ", inspected);
        Assert.Contains(ImageIndex.Parse(Index!.Bytes.Span).Manifests.Single(entry => entry.Platform == platform).Digest.ToString(), inspected);
        RunnableImage.RequireToRun(platform);
        Assert.AreEqual(RunnableImage.GreetingOf(platform), await StartAsync(podman, "--platform", name, Reference));
    }

    /// <summary>What a Dockerfile does with it, by whatever tool: kaniko, BuildKit and buildah pull the platform's image, run commands in it and add layers.</summary>
    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [DataRow("linux/amd64")]
    [DataRow("linux/arm64")]
    public async Task A_Dockerfile_builds_on_each_platform(string name)
    {
        Tool.Require("buildah");
        Tool.RequireRoot();
        var platform = Platform.Parse(name);
        RunnableImage.RequireToRun(platform);
        using var folder = new TempDirectory();
        folder.Write("context/note.txt", "on top");
        folder.Write("context/Dockerfile", $"FROM {Reference}\nCOPY note.txt /app/\nRUN /app/hello > /app/built.txt\n");
        folder.Write("policy.json", """{"default":[{"type":"insecureAcceptAnything"}]}""");
        string[] storage = ["--root", folder["images"], "--runroot", folder["run"], "--storage-driver", "vfs"];

        CommandLine Buildah(params IEnumerable<string> arguments) =>
            new("buildah", [.. storage, .. arguments]) { Environment = new Dictionary<string, string?> { ["TMPDIR"] = folder.Path } };

        (await Buildah(
            "build", "--isolation", "chroot", "--network", "host", "--signature-policy", folder["policy.json"], "--tls-verify=false",
            "--platform", name, "--tag", "derived", folder["context"]).RunAsync(Token)).ShouldSucceed();

        (await Buildah("push", "--signature-policy", folder["policy.json"], "derived", $"oci:{folder["layout"]}:derived").RunAsync(Token)).ShouldSucceed();
        using var layout = ImageLayout.Open(folder["layout"]);
        var manifest = ImageManifest.Parse((await layout.FindManifestAsync("derived", Token))!.Bytes.Span);
        var derived = ImageConfig.Parse(await ReadAsync(layout, manifest.Config));
        Assert.AreEqual(platform, derived.Platform);
        CollectionAssert.AreEqual(new[] { "/app/hello" }, derived.Config!.Entrypoint!.ToArray(), "It still starts as our image does.");
        await using var top = new TarReader(new GZipStream(new MemoryStream(await ReadAsync(layout, manifest.Layers[^1])), CompressionMode.Decompress));
        var added = new Dictionary<string, string>();
        while (await top.GetNextEntryAsync(cancellationToken: Token) is { } entry)
        {
            added[entry.Name] = entry.DataStream is { } data ? await new StreamReader(data).ReadToEndAsync(Token) : "";
        }

        Assert.AreEqual("on top", added["app/note.txt"]);
        Assert.AreEqual(RunnableImage.GreetingOf(platform), added["app/built.txt"].Trim());
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [DataRow("linux-x64")]
    [DataRow("linux-arm64")]
    public async Task Umoci_unpacks_a_layout_of_one_platform(string runtimeIdentifier)
    {
        Tool.Require("umoci");
        Tool.RequireRoot();
        using var folder = new TempDirectory();
        using (var layout = ImageLayout.Create(folder["layout"]))
        {
            await Image!.PublishAsync(layout, Token, runtimeIdentifier);
        }

        (await new CommandLine("umoci", "unpack", "--image", $"{folder["layout"]}:{RunnableImage.Tag}", folder["bundle"]).RunAsync(Token)).ShouldSucceed();

        var script = folder["bundle/rootfs/app/hello"];
        Assert.StartsWith("#!/bin/sh", await File.ReadAllTextAsync(script, Token));
        Assert.AreEqual("755", (await new CommandLine("stat", "--format", "%a", script).RunAsync(Token)).ShouldSucceed().StandardOutput.Trim());
        (await new CommandLine("rm", "-rf", "--one-file-system", folder["bundle"]).RunAsync(Token)).ShouldSucceed();
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [DataRow("linux-x64", "linux/amd64")]
    [DataRow("linux-arm64", "linux/arm64")]
    public async Task Podman_loads_an_archive_of_one_platform_in_dockers_own_words(string runtimeIdentifier, string name)
    {
        var platform = Platform.Parse(name);
        using var podman = PodmanEngine.Create();
        using var folder = new TempDirectory();
        using (var archive = ImageArchive.Create(folder["image.tar"], new ImageReference("r.example", "app"), folder["work"]))
        {
            await Image!.PublishAsync(archive, Token, runtimeIdentifier);
        }

        (await podman.RunAsync("pull", "--quiet", $"docker-archive:{folder["image.tar"]}")).ShouldSucceed();

        RunnableImage.RequireToRun(platform);
        Assert.AreEqual(RunnableImage.GreetingOf(platform), await StartAsync(podman, "--platform", name, $"r.example/app:{RunnableImage.Tag}"));
    }

    private static async Task<string> StartAsync(PodmanEngine podman, params string[] arguments) =>
        (await podman.RunAsync(["run", "--rm", "--network=none", "--pull=never", .. arguments])).ShouldSucceed().StandardOutput.Trim();

    private async Task<byte[]> ReadAsync(ImageLayout layout, Descriptor blob)
    {
        await using var stream = await layout.OpenBlobAsync(blob, Token);
        using var bytes = new MemoryStream();
        await stream.CopyToAsync(bytes, Token);
        return bytes.ToArray();
    }

    private async Task CopyAllAsync(string from, string to) =>
        await SkopeoAsync(["copy", "--quiet", "--all", "--preserve-digests", "--src-tls-verify=false", "--dest-tls-verify=false", from, to]);

    private async Task<string> SkopeoAsync(params string[] arguments) =>
        (await new CommandLine("skopeo", ["--insecure-policy", .. arguments]).RunAsync(Token)).ShouldSucceed().StandardOutput.TrimEnd('\n');
}
