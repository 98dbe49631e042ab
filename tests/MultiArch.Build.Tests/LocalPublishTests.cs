using System.Runtime.InteropServices;
using MultiArch.Oci;
using MultiArch.Oci.Formats;
using MultiArch.Oci.Publishing;
using MultiArch.Testing;

namespace MultiArch.Build.Tests;

/// <summary>A self-contained app, published into the real podman and into an archive, and started from there.</summary>
[TestClass]
public sealed class LocalPublishTests
{
    public required TestContext TestContext { get; init; }

    [TestMethod]
    public async Task Podman_runs_the_published_image_on_this_machines_platform_and_on_the_other()
    {
        using var podman = PodmanEngine.Create();
        using var project = await CreateAsync();

        var publish = (await PublishAsync(project, podman, "-p:LocalRegistry=Podman")).ShouldSucceed();

        Assert.Contains("hello -> localhost/hello@sha256:", publish.Output);
        Assert.MatchesRegex(@"linux/amd64 or linux/arm64: podman run --rm .*localhost/hello:1\.0", publish.Output);
        await AssertRunsAsync(podman, "localhost/hello:1.0", RuntimeInformation.OSArchitecture);
        await AssertRunsAsync(podman, "localhost/hello:1.0", Architecture.X64, "--platform", "linux/amd64");
        await AssertRunsAsync(podman, "localhost/hello:1.0", Architecture.Arm64, "--platform", "linux/arm64");
    }

    [TestMethod]
    public async Task An_archive_on_an_archive_is_loaded_by_podman_and_read_by_skopeo_and_an_unchanged_publish_leaves_it_alone()
    {
        Tool.Require("skopeo");
        using var podman = PodmanEngine.Create();
        using var folder = new TempDirectory();
        var @base = $"oci-archive:{folder["base.tar"]}";
        (await new CommandLine("skopeo", "--insecure-policy", "copy", "--quiet", "--all", $"oci:{await TestBase.GetLayoutAsync()}", @base).RunAsync()).ShouldSucceed();
        using var project = await CreateAsync(@base);
        var archive = folder["out/image.tar"];

        // A registry names the image then, and none is pushed to.
        var publish = (await PublishAsync(project, podman, $"-p:ContainerArchiveOutputPath={archive}", "-p:ContainerRegistry=registry.invalid")).ShouldSucceed();

        Assert.Contains($"hello -> {archive}@sha256:", publish.Output);
        var index = (await new CommandLine("skopeo", "inspect", "--raw", $"oci-archive:{archive}").RunAsync()).ShouldSucceed().StandardOutput.TrimEnd('\n');
        var document = System.Text.Encoding.UTF8.GetBytes(index);
        Assert.AreEqual(publish.PublishedDigest(), Digest.Of(document).ToString());
        Assert.AreEqual("linux/amd64 linux/arm64", string.Join(' ', ImageIndex.Parse(document).Manifests.Select(entry => entry.Platform)));
        (await podman.RunAsync("load", "-i", archive)).ShouldSucceed();
        await AssertRunsAsync(podman, "registry.invalid/hello:1.0", RuntimeInformation.OSArchitecture);

        var metadata = project.ImageFolder + ".json";
        var report = ImageReport.Parse(await File.ReadAllBytesAsync(metadata, TestContext.CancellationToken));
        Assert.AreEqual($"{archive}@{publish.PublishedDigest()}", $"{report.Name}@{report.Digest}");
        Assert.IsNull(report.Registry, "It names the image, and does not hold it.");
        Assert.AreEqual("hello registry.invalid/hello:1.0", $"{report.Repository} {string.Join(' ', report.Names)}");

        var longAgo = new DateTime(2001, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        File.SetLastWriteTimeUtc(archive, longAgo);
        File.SetLastWriteTimeUtc(metadata, longAgo);
        (await PublishAsync(project, podman, $"-p:ContainerArchiveOutputPath={archive}", "-p:ContainerRegistry=registry.invalid")).ShouldSucceed();
        Assert.AreEqual(longAgo, File.GetLastWriteTimeUtc(archive));
        Assert.AreEqual(longAgo, File.GetLastWriteTimeUtc(metadata));
        CollectionAssert.AreEqual(new[] { archive }, Directory.GetFileSystemEntries(folder["out"]));
    }

    [TestMethod]
    public async Task An_engine_that_nobody_knows_ends_the_publish_before_anything_is_compiled()
    {
        using var podman = PodmanEngine.Create();
        using var project = await TestProject.ConsoleAsync();

        var publish = await PublishAsync(project, podman, "-p:LocalRegistry=wsl");

        Assert.Contains("'wsl'", publish.ShouldFailWith("MARCH1020"));
        Assert.DoesNotContain("hello.dll", publish.Output);
    }

    private static async Task<TestProject> CreateAsync(string? @base = null)
    {
        var project = await TestProject.ConsoleAsync($"""
            <PropertyGroup>
              <SelfContained>true</SelfContained>
              <ContainerBaseImage>{@base ?? $"oci:{await TestBase.GetLayoutAsync()}"}</ContainerBaseImage>
              <ContainerImageTag>1.0</ContainerImageTag>
            </PropertyGroup>
            """);
        return project.With("Program.cs", "System.Console.WriteLine($\"on {System.Runtime.InteropServices.RuntimeInformation.ProcessArchitecture}\");\n");
    }

    /// <summary>.NET under emulation is not supported by its makers: what does not start gets a second try.</summary>
    private static async Task AssertRunsAsync(PodmanEngine podman, string image, Architecture architecture, params string[] arguments)
    {
        if (architecture != RuntimeInformation.OSArchitecture && !Emulator.IsRegistered(architecture is Architecture.Arm64 ? Platform.LinuxArm64 : Platform.LinuxAmd64))
        {
            Assert.Inconclusive($"This machine starts no programs for {architecture}.");
        }

        string[] run = ["run", "--rm", "--network=none", .. arguments, image];
        var result = await podman.RunAsync(run);
        result = result.ExitCode == 0 ? result : await podman.RunAsync(run);
        Assert.AreEqual($"on {architecture}", result.ShouldSucceed().StandardOutput.Trim());
    }

    private static Task<CommandResult> PublishAsync(TestProject project, PodmanEngine podman, params string[] arguments)
    {
        var publish = project.Dotnet(["publish", "-p:PublishMultiArch=true", .. arguments]);
        return new CommandLine(publish.Program, publish.Arguments)
        {
            WorkingDirectory = publish.WorkingDirectory,
            Environment = new Dictionary<string, string?>(publish.Environment)
            {
                ["PATH"] = $"{Path.GetDirectoryName(podman.Program)}:{Environment.GetEnvironmentVariable("PATH")}",
            },
        }.RunAsync();
    }
}
