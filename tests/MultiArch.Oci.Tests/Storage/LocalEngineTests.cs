using MultiArch.Oci.Formats;
using MultiArch.Oci.Storage;
using MultiArch.Testing;

namespace MultiArch.Oci.Tests.Storage;

/// <summary>Docker is a script here that notes what it is asked and given; podman is the real one, and a script where it has to fail.</summary>
[TestClass]
public sealed class LocalEngineTests
{
    private const string ContainerdStore = """[["driver-type","io.containerd.snapshotter.v1"]]""";
    private const string OlderStore = """[["Backing Filesystem","extfs"],["Native Overlay Diff","true"]]""";

    public required TestContext TestContext { get; init; }

    private CancellationToken Token => TestContext.CancellationToken;

    [TestMethod]
    public async Task Docker_gets_the_index_as_one_archive_with_all_tags()
    {
        using var folder = new TempDirectory();
        using var docker = new StandInProgram("docker", $"""case $1 in info) echo '{ContainerdStore}';; load) cat > "$HERE/loaded";; esac""");
        using (var engine = LocalEngine.Docker(new EngineProgram(docker.Path), "me/app", folder["work"]))
        using (var archive = ImageArchive.Create(folder["image.tar"], new ImageReference("docker.io", "me/app"), folder["work"]))
        {
            Assert.AreEqual("me/app", engine.Name);
            foreach (var store in new IImageStore[] { engine, archive })
            {
                await store.TagAsync(await WriteIndexAsync(store), ["1.0", "latest"], Token);
            }
        }

        CollectionAssert.AreEqual(await File.ReadAllBytesAsync(folder["image.tar"], Token), await File.ReadAllBytesAsync(docker["loaded"], Token));
        CollectionAssert.AreEqual(new[] { "info --format {{json .DriverStatus}}", "load" }, docker.Calls.ToArray());
        Assert.IsEmpty(Directory.GetFileSystemEntries(folder["work"]));
    }

    [TestMethod]
    public async Task A_docker_whose_store_takes_one_platform_is_not_given_an_index()
    {
        using var folder = new TempDirectory();
        using var docker = new StandInProgram("docker", $"echo '{OlderStore}'");
        using var engine = LocalEngine.Docker(new EngineProgram(docker.Path), "app", folder["work"]);
        var index = await WriteIndexAsync(engine);

        var error = await Assert.ThrowsExactlyAsync<MultiArchException>(() => engine.TagAsync(index, ["1.0"], Token));

        Assert.AreEqual(DiagnosticCodes.EngineTakesOnePlatform, error.Code);
        Assert.DoesNotContain("load", docker.Calls);
    }

    [TestMethod]
    [DataRow(false, DisplayName = "a plain image")]
    [DataRow(true, DisplayName = "an index of one platform")]
    public async Task Every_docker_takes_one_platform(bool inIndex)
    {
        Tool.Require("skopeo");
        using var folder = new TempDirectory();
        using var docker = new StandInProgram("docker", """cat > "$HERE/loaded.tar" """);
        using var engine = LocalEngine.Docker(new EngineProgram(docker.Path), "app", folder["work"]);
        var manifest = await StoredImage.WriteAsync(engine, Platform.LinuxArm64, StoredImage.EmptyTar);
        var image = inIndex ? await StoredImage.WriteIndexAsync(engine, manifest.Describe() with { Platform = Platform.LinuxArm64 }) : manifest;

        await engine.TagAsync(image, ["1.0"], Token);

        CollectionAssert.AreEqual(new[] { "load" }, docker.Calls.ToArray(), "No store has to be asked for.");
        (await new CommandLine("skopeo", "inspect", "--raw", $"docker-archive:{docker["loaded.tar"]}:app:1.0").RunAsync(Token)).ShouldSucceed();
    }

    [TestMethod]
    public async Task What_docker_says_when_it_fails_is_one_line()
    {
        using var folder = new TempDirectory();
        // It does not read its input: the archive is larger than any pipe holds.
        using var docker = new StandInProgram("docker", "echo 'some progress' >&2; echo 'Cannot connect to the Docker daemon at unix:///var/run/docker.sock.' >&2; exit 1");
        using var engine = LocalEngine.Docker(new EngineProgram(docker.Path), "app", folder["work"]);
        var manifest = await StoredImage.WriteAsync(engine, Platform.LinuxAmd64, new string('x', 4_000_000));

        var error = await Assert.ThrowsExactlyAsync<MultiArchException>(() => engine.TagAsync(manifest, ["1.0"], Token));

        Assert.AreEqual(DiagnosticCodes.EngineFailed, error.Code);
        Assert.Contains($"'{docker.Path} load' failed: Cannot connect to the Docker daemon at unix:///var/run/docker.sock. ", error.Message);
        Assert.DoesNotContain("some progress", error.Message);
        Assert.DoesNotContain("\n", error.Message);
    }

    [TestMethod]
    public async Task A_program_that_ends_well_and_did_not_read_all_has_failed()
    {
        using var folder = new TempDirectory();
        using var docker = new StandInProgram("docker", "exit 0");
        using var engine = LocalEngine.Docker(new EngineProgram(docker.Path), "app", folder["work"]);
        var manifest = await StoredImage.WriteAsync(engine, Platform.LinuxAmd64, new string('x', 4_000_000));

        var error = await Assert.ThrowsExactlyAsync<MultiArchException>(() => engine.TagAsync(manifest, ["1.0"], Token));

        Assert.AreEqual(DiagnosticCodes.EngineFailed, error.Code);
    }

    [TestMethod]
    [DataRow("/nowhere/docker")]
    [DataRow("/dev/null")]
    public async Task A_program_that_cannot_be_started_is_one_line_with_the_ways_out(string path)
    {
        using var folder = new TempDirectory();
        using var engine = LocalEngine.Docker(new EngineProgram(path), "app", folder["work"]);
        var manifest = await StoredImage.WriteAsync(engine, Platform.LinuxAmd64, "one");

        var error = await Assert.ThrowsExactlyAsync<MultiArchException>(() => engine.TagAsync(manifest, ["1.0"], Token));

        Assert.AreEqual(DiagnosticCodes.NoLocalEngine, error.Code);
        foreach (var part in new[] { path, "podman or docker", "ContainerRegistry", "ContainerArchiveOutputPath" })
        {
            Assert.Contains(part, error.Message);
        }
    }

    [TestMethod]
    public async Task Cancelling_ends_the_program()
    {
        Tool.Require("mkfifo");
        using var folder = new TempDirectory();
        // Says that it runs, by a pipe that the test reads, and then waits for ever.
        using var docker = new StandInProgram("docker", """echo $$ > "$HERE/started"; exec cat "$HERE/never" """);
        (await new CommandLine("mkfifo", docker["started"], docker["never"]).RunAsync(Token)).ShouldSucceed();
        using var engine = LocalEngine.Docker(new EngineProgram(docker.Path), "app", folder["work"]);
        using var cancellation = new CancellationTokenSource();
        var manifest = await StoredImage.WriteAsync(engine, Platform.LinuxAmd64, "one");

        var loading = engine.TagAsync(manifest, ["1.0"], cancellation.Token);
        var process = (await File.ReadAllTextAsync(docker["started"], Token)).Trim();
        Assert.IsTrue(Directory.Exists($"/proc/{process}"));
        await cancellation.CancelAsync();

        await Assert.ThrowsAsync<OperationCanceledException>(() => loading);
        Assert.IsFalse(Directory.Exists($"/proc/{process}"));
    }

    [TestMethod]
    [DataRow("load", DisplayName = "the second platform is not loaded")]
    [DataRow("manifest add", DisplayName = "the list is not made")]
    public async Task When_podman_fails_no_tag_moves_and_what_was_added_is_removed(string failing)
    {
        using var folder = new TempDirectory();
        using var podman = new StandInProgram("podman", $$"""
            case "$1 $2" in
              'image exists') exit 1;;
              'load ') cat > "$HERE/input"; echo >> "$HERE/loads";;
            esac
            case "$1 $2 " in
              "{{failing}} "*) [ "$1" != load ] || [ $(wc -l < "$HERE/loads") = 2 ] && { echo 'Error: no space left on device' >&2; exit 125; };;
            esac
            exit 0
            """);
        using var engine = LocalEngine.Podman(new EngineProgram(podman.Path), "app", folder["work"]);
        var index = await WriteIndexAsync(engine);

        var error = await Assert.ThrowsExactlyAsync<MultiArchException>(() => engine.TagAsync(index, ["1.0"], Token));

        Assert.AreEqual(DiagnosticCodes.EngineFailed, error.Code);
        Assert.Contains("Error: no space left on device.", error.Message);
        Assert.IsEmpty(podman.Calls.Where(call => call.StartsWith("tag ", StringComparison.Ordinal)));
        foreach (var id in await IdsAsync(engine, index))
        {
            Assert.Contains($"image rm {id}", podman.Calls);
        }

        var created = podman.Calls.Where(call => call.StartsWith("manifest create ", StringComparison.Ordinal)).Select(call => call.Split(' ')[2]);
        Assert.IsEmpty(created.Where(list => !podman.Calls.Contains($"manifest rm {list}")));
    }

    [TestMethod]
    public async Task An_image_that_podman_had_before_is_not_removed_after_a_failure()
    {
        using var folder = new TempDirectory();
        using var podman = new StandInProgram("podman", """case "$1" in load) cat > /dev/null; exit 125;; manifest) exit 1;; esac""");
        using var engine = LocalEngine.Podman(new EngineProgram(podman.Path), "app", folder["work"]);
        var index = await WriteIndexAsync(engine);

        var error = await Assert.ThrowsExactlyAsync<MultiArchException>(() => engine.TagAsync(index, ["1.0"], Token));

        Assert.Contains("exit code 125", error.Message);
        Assert.IsEmpty(podman.Calls.Where(call => call.Contains(" rm ", StringComparison.Ordinal)));
    }

    [TestMethod]
    public async Task Podman_gets_a_list_of_all_platforms_and_an_unchanged_image_changes_nothing()
    {
        using var podman = PodmanEngine.Create();
        using var folder = new TempDirectory();
        async Task<(Document Index, string Listing)> LoadAsync(string layer)
        {
            using var engine = LocalEngine.Podman(new EngineProgram(podman.Program), "me/app", folder["work"]);
            Assert.AreEqual("localhost/me/app", engine.Name);
            var index = await WriteIndexAsync(engine, layer);
            await engine.TagAsync(index, ["1.0", "latest"], Token);
            return (index, (await podman.RunAsync("images", "--all", "--no-trunc", "--format", "{{.Names}} {{.Id}}")).ShouldSucceed().StandardOutput);
        }

        var (index, listing) = await LoadAsync(StoredImage.EmptyTar);

        foreach (var tag in new[] { "1.0", "latest" })
        {
            var list = (await podman.RunAsync("manifest", "inspect", $"localhost/me/app:{tag}")).ShouldSucceed().StandardOutput;
            CollectionAssert.AreEqual(
                ImageIndex.Parse(index.Bytes.Span).Manifests.Select(entry => (entry.Digest, entry.Platform)).ToList(),
                ImageIndex.Parse(System.Text.Encoding.UTF8.GetBytes(list)).Manifests.Select(entry => (entry.Digest, entry.Platform)).ToList());
        }

        Assert.DoesNotContain("multiarch-", listing, "The name that the list had while it was made.");
        Assert.AreEqual(listing, (await LoadAsync(StoredImage.EmptyTar)).Listing);

        (await podman.RunAsync("image", "prune", "--force")).ShouldSucceed();
        Assert.AreEqual(listing, (await podman.RunAsync("images", "--all", "--no-trunc", "--format", "{{.Names}} {{.Id}}")).StandardOutput, "A prune takes no platform away.");

        var (changed, after) = await LoadAsync(StoredImage.EmptyTar + StoredImage.EmptyTar);
        Assert.AreNotEqual(index.Digest, changed.Digest);
        Assert.AreNotEqual(listing, after);
    }

    [TestMethod]
    public async Task Podman_gets_a_single_image_under_its_tags()
    {
        using var podman = PodmanEngine.Create();
        using var folder = new TempDirectory();
        using var engine = LocalEngine.Podman(new EngineProgram(podman.Program), "app", folder["work"]);
        var manifest = await StoredImage.WriteAsync(engine, Platform.LinuxAmd64, StoredImage.EmptyTar);

        await engine.TagAsync(manifest, ["1.0", "latest"], Token);

        var names = (await podman.RunAsync("images", "--no-trunc", "--format", "{{.Repository}}:{{.Tag}} {{.Id}}")).ShouldSucceed().StandardOutput;
        var id = ImageManifest.Parse(manifest.Bytes.Span).Config.Digest;
        CollectionAssert.AreEquivalent(
            new[] { $"localhost/app:1.0 {id.Hex}", $"localhost/app:latest {id.Hex}" }, names.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    private static async Task<Document> WriteIndexAsync(IImageStore store, string layer = "text")
    {
        var entries = new List<Descriptor>();
        foreach (var platform in new[] { Platform.LinuxAmd64, Platform.LinuxArm64 })
        {
            entries.Add((await StoredImage.WriteAsync(store, platform, layer)).Describe() with { Platform = platform });
        }

        return await StoredImage.WriteIndexAsync(store, entries);
    }

    private static async Task<IReadOnlyList<string>> IdsAsync(LocalEngine store, Document index)
    {
        var ids = new List<string>();
        foreach (var entry in ImageIndex.Parse(index.Bytes.Span).Manifests)
        {
            var manifest = await store.FindManifestAsync(entry.Digest.ToString(), CancellationToken.None);
            ids.Add(ImageManifest.Parse(manifest!.Bytes.Span).Config.Digest.Hex);
        }

        return ids;
    }
}
