using MultiArch.Oci;
using MultiArch.Testing;

namespace MultiArch.Build.Tests;

/// <summary>What people do without this project: samples/pipelines/by-hand.</summary>
[TestClass]
public sealed class ManualBuildTests
{
    public required TestContext TestContext { get; init; }

    [TestMethod]
    public async Task The_Makefile_pushes_a_list_of_images_that_run()
    {
        Tool.Require("make", "file", "buildah", "skopeo");
        Tool.RequireRoot();
        using var registry = await RegistryProcess.StartAsync(TestContext.CancellationToken);
        using var project = await TestProject.ConsoleAsync();
        using var folder = new TempDirectory();
        var @base = $"{registry.Address}/base:latest";
        (await new CommandLine("skopeo", "copy", "--all", "--dest-tls-verify=false", $"oci:{await TestBase.GetFrameworkLayoutAsync()}:latest", $"docker://{@base}").RunAsync()).ShouldSucceed();
        var make = new CommandLine(
            "make", "-C", Path.Combine(RepositoryFolder.Path, "samples", "pipelines", "by-hand"), $"PROJECT={project.Folder}", "APP=hello", $"BASE={@base}", $"IMAGE={registry.Address}/by-hand", $"OUT={folder["out"]}", "TLS_VERIFY=false",
            $"BUILDAH=buildah --root {folder["storage"]} --runroot {folder["run"]} --storage-driver overlay")
        {
            Environment = new Dictionary<string, string?>(TestProject.CliEnvironment) { ["TMPDIR"] = folder.Path },
        };

        (await make.RunAsync()).ShouldSucceed();

        CollectionAssert.AreEqual(new[] { "latest", "latest-amd64", "latest-arm64" }, registry.Tags("by-hand").ToArray(), "Its tags for each platform stay behind.");
        var native = new[] { Platform.LinuxAmd64, Platform.LinuxArm64 }.First(platform => !Emulator.IsNeededFor(platform));
        await using var image = await PulledImage.PullAsync(PullClient.Skopeo, $"{registry.Address}/by-hand:latest", native);
        Assert.AreEqual("hello", (await RunningImage.RunToEndAsync(image)).ShouldSucceed().StandardOutput.Trim());
    }
}
