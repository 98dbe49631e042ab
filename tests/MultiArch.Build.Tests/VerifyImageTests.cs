using System.Text.Json.Nodes;
using MultiArch.Testing;

namespace MultiArch.Build.Tests;

/// <summary>A project of one line, in an empty folder, says whether an image is what it claims to be, whoever made it.</summary>
[TestClass]
public sealed class VerifyImageTests
{
    private const string AcceptAnything = """{"default":[{"type":"insecureAcceptAnything"}]}""";

    public required TestContext TestContext { get; init; }

    /// <summary>The files of amd64 under a config that says arm64, as a mistaken build script makes them.</summary>
    [TestMethod]
    public async Task An_index_that_lies_is_exposed_and_a_true_one_passes()
    {
        Tool.Require("buildah", "docker-registry");
        Tool.RequireRoot();
        using var registry = await RegistryProcess.StartAsync(TestContext.CancellationToken);
        using var folder = new TempDirectory();
        await MakeAsync(registry.Address, folder);
        using var empty = await EmptyAsync();

        var good = await VerifyAsync(empty, $"{registry.Address}/app:good", "-p:MultiArchRequiredPlatforms=linux/amd64%3Blinux/arm64", "-p:MultiArchReportFile=good.json");
        var bad = await VerifyAsync(empty, $"{registry.Address}/app:bad", "-p:MultiArchReportFile=bad.json");

        good.ShouldSucceed();
        Assert.DoesNotContain("MARCH", good.Output);
        Assert.Contains("linux/arm64  linux/arm64  AArch64: ", good.Output);
        Assert.Contains("glibc 2.36", good.Output);
        Assert.MatchesRegex(@"linux/arm/v7 +none +none +none", good.Output);
        bad.ShouldFailWith("MARCH3053");
        Assert.Contains("linux/arm64  linux/arm64  x86-64: ", bad.Output);
        Assert.Contains("/usr/bin/busybox (ELF for x86-64; the image's command uses it)", bad.Output);
        Assert.Contains("Who uses the first reads: exec /usr/bin/busybox: exec format error.", bad.Output);
        Assert.IsTrue(await IsTrueAsync(empty, "good.json"));
        Assert.IsFalse(await IsTrueAsync(empty, "bad.json"));
    }

    /// <summary>Without a registry: a layout and an archive, and what is said of settings that are no use.</summary>
    [TestMethod]
    public async Task Layouts_archives_and_wrong_settings_get_their_answer()
    {
        Tool.Require("skopeo");
        using var empty = await EmptyAsync();
        var layout = await TestBase.GetLayoutAsync();
        (await new CommandLine("skopeo", "--insecure-policy", "copy", "--all", $"oci:{layout}:latest", $"oci-archive:{Path.Combine(empty.Folder, "base.tar")}").RunAsync(TestContext.CancellationToken)).ShouldSucceed();

        (await VerifyAsync(empty, $"oci:{layout}")).ShouldSucceed();
        var archive = await VerifyAsync(empty, "oci-archive:base.tar", "-p:MultiArchRequiredPlatforms=linux/s390x");

        archive.ShouldFailWith("MARCH3055");
        Assert.Contains("There is: linux/amd64, linux/arm64.", archive.Output);
        (await VerifyAsync(empty, "oci:nowhere")).ShouldFailWith("MARCH2004");
        (await VerifyAsync(empty, "oci-archive:verify.proj")).ShouldFailWith("MARCH2004");
        (await VerifyAsync(empty, "")).ShouldFailWith("MARCH3050");
    }

    private static async Task<TestProject> EmptyAsync()
    {
        var project = await TestProject.ConsoleAsync(form: PackageForm.SdkAlone);
        File.Delete(Path.Combine(project.Folder, "hello.csproj"));
        File.Delete(Path.Combine(project.Folder, "Program.cs"));
        return project.With("verify.proj", $"<Project Sdk=\"MultiArch.Build/{PackedPackage.Version}\" />\n");
    }

    private static Task<CommandResult> VerifyAsync(TestProject project, string reference, params IEnumerable<string> arguments) =>
        project.DotnetAsync(["msbuild", "verify.proj", "-restore", "-t:VerifyMultiArchImage", $"-p:MultiArchImageReference={reference}", .. arguments]);

    private async Task<bool> IsTrueAsync(TestProject project, string file) =>
        (bool)JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(project.Folder, file), TestContext.CancellationToken))!["isTrue"]!;

    private async Task MakeAsync(string registry, TempDirectory folder)
    {
        var script = folder.Write("make.sh", $$"""
            set -euo pipefail
            cd '{{folder.Path}}'
            echo '{{AcceptAnything}}' > policy.json
            ln -s '{{await TestBase.GetLayoutAsync()}}' base
            run() { local command=$1; shift; buildah --root storage --runroot run --storage-driver vfs "$command" "$@"; }
            for architecture in amd64 arm64; do
              run from --signature-policy policy.json --name $architecture --arch $architecture oci:base:latest
              run config --entrypoint '["/usr/bin/busybox"]' $architecture
              run commit --signature-policy policy.json $architecture true-$architecture
            done
            run config --arch arm64 amd64
            run commit --signature-policy policy.json amd64 lying
            run manifest create good
            run manifest add good true-amd64
            run manifest add good true-arm64
            run manifest create bad
            run manifest add bad true-amd64
            run manifest add bad lying
            for name in good bad; do
              run manifest push --signature-policy policy.json --all --tls-verify=false $name docker://{{registry}}/app:$name
            done

            """);
        (await new CommandLine("bash", script) { Environment = new Dictionary<string, string?> { ["TMPDIR"] = folder.Path } }.RunAsync(TestContext.CancellationToken)).ShouldSucceed();
    }
}
