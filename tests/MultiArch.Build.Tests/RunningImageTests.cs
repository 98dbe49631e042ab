using System.Net;
using System.Net.Sockets;
using MultiArch.Oci;
using MultiArch.Oci.Formats;
using MultiArch.Testing;

namespace MultiArch.Build.Tests;

/// <summary>That an image which the tests call running was pulled by somebody else's client and started as its config says.</summary>
[TestClass]
public sealed class RunningImageTests
{
    private const string BusyBox = "/bin/busybox";

    public TestContext TestContext { get; set; } = null!; // set by MSTest

    [TestMethod]
    [DataRow(PullClient.Skopeo, "linux/amd64", "amd64")]
    [DataRow(PullClient.Skopeo, "linux/arm64", "arm64")]
    [DataRow(PullClient.Buildah, "linux/amd64", "amd64")]
    [DataRow(PullClient.Buildah, "linux/arm64", "arm64")]
    public async Task A_web_server_pulled_from_a_registry_answers_with_its_own_platforms_files(PullClient client, string platform, string architecture)
    {
        using var folder = new TempDirectory();
        var port = FindFreePort();
        var layout = await DeriveAsync(
            folder["layout"], config => config with { Entrypoint = [BusyBox, "httpd"], Cmd = ["-f", "-p", $"127.0.0.1:{port}", "-h", "/var/lib/dpkg"] });
        await using var registry = await StartRegistryAsync(folder, layout);

        await using var image = await PulledImage.PullAsync(client, registry.Reference, Platform.Parse(platform), TestContext.CancellationToken);
        await using var running = await RunningImage.StartAsync(image, port: port, cancellationToken: TestContext.CancellationToken);

        Assert.AreEqual(platform, image.Config.Platform.ToString());
        Assert.AreEqual(architecture, (await running.GetStringAsync("/arch", TestContext.CancellationToken)).Trim());
    }

    [TestMethod]
    [DataRow(PullClient.Skopeo, "linux/amd64", "x86_64")]
    [DataRow(PullClient.Skopeo, "linux/arm64", "aarch64")]
    [DataRow(PullClient.Buildah, "linux/amd64", "x86_64")]
    [DataRow(PullClient.Buildah, "linux/arm64", "aarch64")]
    public async Task User_folder_and_variables_are_the_configs(PullClient client, string platform, string machine)
    {
        using var folder = new TempDirectory();
        var layout = await DeriveAsync(
            folder["layout"],
            config => config with
            {
                User = "app",
                WorkingDir = "/home/app",
                Env = [.. config.Env ?? [], "URL=http://host/?a=b c"],
                Entrypoint = ["busybox", "sh", "-c"],
                Cmd = ["""echo "$(uname -m) $(id -u):$(id -g) $PWD $URL $ADDED" """],
            });
        await using var image = await PulledImage.PullAsync(client, $"oci:{layout}:latest", Platform.Parse(platform), TestContext.CancellationToken);

        var result = await RunningImage.RunToEndAsync(
            image, new Dictionary<string, string> { ["ADDED"] = "by the test" }, cancellationToken: TestContext.CancellationToken);

        Assert.AreEqual($"{machine} 1654:1654 /home/app http://host/?a=b c by the test", result.ShouldSucceed().StandardOutput.Trim());
    }

    [TestMethod]
    [DataRow(PullClient.Skopeo)]
    [DataRow(PullClient.Buildah)]
    public async Task Without_binfmt_the_emulator_starts_the_same_entrypoint(PullClient client)
    {
        using var folder = new TempDirectory();
        var layout = await DeriveAsync(folder["layout"], config => config with { User = "1654", Entrypoint = ["busybox"], Cmd = ["uname", "-m"] });
        var foreign = Emulator.IsNeededFor(Platform.LinuxArm64) ? Platform.LinuxArm64 : Platform.LinuxAmd64;
        await using var image = await PulledImage.PullAsync(client, $"oci:{layout}:latest", foreign, TestContext.CancellationToken);

        var result = await RunningImage.RunToEndAsync(image, useBinfmt: false, cancellationToken: TestContext.CancellationToken);

        Assert.AreEqual(foreign == Platform.LinuxArm64 ? "aarch64" : "x86_64", result.ShouldSucceed().StandardOutput.Trim());
    }

    [TestMethod]
    [DataRow(PullClient.Skopeo)]
    [DataRow(PullClient.Buildah)]
    public async Task Layers_compressed_with_zstd_run_too(PullClient client)
    {
        Tool.Require("skopeo");
        using var folder = new TempDirectory();
        var layout = await DeriveAsync(folder["layout"], config => config with { Entrypoint = [BusyBox], Cmd = ["true"] });
        (await new CommandLine(
            "skopeo", "--insecure-policy", "copy", "--dest-compress-format", "zstd", $"oci:{layout}:latest", $"oci:{folder["zstd"]}:latest").RunAsync()).ShouldSucceed();
        await using var image = await PulledImage.PullAsync(client, $"oci:{folder["zstd"]}:latest", Platform.LinuxAmd64, TestContext.CancellationToken);

        (await RunningImage.RunToEndAsync(image, cancellationToken: TestContext.CancellationToken)).ShouldSucceed();
    }

    [TestMethod]
    [DataRow(PullClient.Skopeo)]
    [DataRow(PullClient.Buildah)]
    public async Task When_a_running_image_is_disposed_none_of_its_processes_is_left(PullClient client)
    {
        using var folder = new TempDirectory();
        var port = FindFreePort();
        var layout = await DeriveAsync(
            folder["layout"],
            config => config with { User = "1654", Entrypoint = [BusyBox, "sh", "-c"], Cmd = [$"busybox httpd -f -p 127.0.0.1:{port} -h /etc & wait"] });
        await using var image = await PulledImage.PullAsync(client, $"oci:{layout}:latest", Platform.LinuxAmd64, TestContext.CancellationToken);
        var running = await RunningImage.StartAsync(image, port: port, cancellationToken: TestContext.CancellationToken);

        await running.DisposeAsync();

        using var client2 = new TcpClient();
        await Assert.ThrowsExactlyAsync<SocketException>(() => client2.ConnectAsync(IPAddress.Loopback, port, TestContext.CancellationToken).AsTask());
        var mounts = await File.ReadAllTextAsync("/proc/mounts", TestContext.CancellationToken);
        Assert.DoesNotContain(image.RootFileSystem, mounts);
    }

    [TestMethod]
    public async Task An_image_that_ends_before_it_answers_fails_with_what_it_said()
    {
        using var folder = new TempDirectory();
        var layout = await DeriveAsync(folder["layout"], config => config with { Entrypoint = [BusyBox, "sh", "-c"], Cmd = ["echo no such luck; exit 3"] });
        await using var image = await PulledImage.PullAsync(PullClient.Skopeo, $"oci:{layout}:latest", Platform.LinuxAmd64, TestContext.CancellationToken);

        var failure = await Assert.ThrowsExactlyAsync<AssertFailedException>(
            () => RunningImage.StartAsync(image, cancellationToken: TestContext.CancellationToken));

        StringAssert.Contains(failure.Message, "exit code 3");
        StringAssert.Contains(failure.Message, "no such luck");
    }

    /// <summary>The test base with another way to start, on both of its platforms.</summary>
    private static async Task<string> DeriveAsync(string folder, Func<ContainerConfig, ContainerConfig> change)
    {
        var origin = await TestBase.GetLayoutAsync();
        var blobs = Directory.CreateDirectory(Path.Combine(folder, "blobs", "sha256")).FullName;

        byte[] Read(Descriptor descriptor) => File.ReadAllBytes(Path.Combine(origin, "blobs", "sha256", descriptor.Digest.Hex));

        Descriptor Add(Document document)
        {
            File.WriteAllBytes(Path.Combine(blobs, document.Digest.Hex), document.Bytes.Span);
            return document.Describe();
        }

        Descriptor Derive(Descriptor entry)
        {
            var manifest = ImageManifest.Parse(Read(entry));
            foreach (var layer in manifest.Layers)
            {
                File.CreateSymbolicLink(Path.Combine(blobs, layer.Digest.Hex), Path.Combine(origin, "blobs", "sha256", layer.Digest.Hex));
            }

            var config = ImageConfig.Parse(Read(manifest.Config));
            var changed = (config with { Config = change(config.Config!) }).ToDocument(ImageFormat.Oci); // the base has a config
            return Add((manifest with { Config = Add(changed) }).ToDocument()) with { Platform = entry.Platform };
        }

        var top = ImageIndex.Parse(await File.ReadAllBytesAsync(Path.Combine(origin, "index.json")));
        var index = ImageIndex.Parse(Read(top.Manifests.Single()));
        var derived = Add((index with { Manifests = [.. index.Manifests.Select(Derive)] }).ToDocument());
        var entry = derived with { Annotations = top.Manifests.Single().Annotations };
        await File.WriteAllBytesAsync(Path.Combine(folder, "index.json"), (top with { Manifests = [entry] }).ToDocument().Bytes.ToArray());
        File.Copy(Path.Combine(origin, "oci-layout"), Path.Combine(folder, "oci-layout"));
        return folder;
    }

    private async Task<PushedImage> StartRegistryAsync(TempDirectory folder, string layout)
    {
        Tool.Require("docker-registry", "skopeo");
        var port = FindFreePort();
        var settings = folder.Write(
            "registry.yml",
            $"""
            version: 0.1
            http:
              addr: 127.0.0.1:{port}
            storage:
              filesystem:
                rootdirectory: {folder["registry"]}
            """);
        var registry = new CommandLine("docker-registry", "serve", settings).Start();
        var reference = $"127.0.0.1:{port}/proof:latest";
        await WaitForAsync(port, TestContext.CancellationToken);
        (await new CommandLine(
            "skopeo", "--insecure-policy", "copy", "--all", "--dest-tls-verify=false", $"oci:{layout}:latest", $"docker://{reference}").RunAsync()).ShouldSucceed();
        return new PushedImage(registry, reference);
    }

    private static async Task WaitForAsync(int port, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(TimeSpan.FromSeconds(30));
        while (true)
        {
            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync(IPAddress.Loopback, port, deadline.Token);
                return;
            }
            catch (SocketException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(20), deadline.Token);
            }
        }
    }

    private static int FindFreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private sealed record PushedImage(RunningCommand Registry, string Reference) : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => Registry.DisposeAsync();
    }
}
