using MultiArch.Oci.Audit;
using MultiArch.Oci.Formats;
using MultiArch.Oci.Storage;
using MultiArch.Testing;
using static MultiArch.Oci.Tests.Audit.ImageIndexBuilder;

namespace MultiArch.Oci.Tests.Audit;

/// <summary>An index that does not say what an image is for gives it to everybody who finds nothing else.</summary>
[TestClass]
public sealed class EntryWithoutPlatformTests
{
    [TestMethod]
    public async Task Two_images_without_a_platform_are_a_fault_since_everybody_gets_the_first()
    {
        var report = await (await IndexAsync("-linux/amd64", "-linux/arm64")).VerifyAsync("linux/amd64", "linux/arm64");

        CollectionAssert.AreEqual(
            new[]
            {
                "No client gets the image for linux/arm64 (image 2 of the index), which MultiArchRequiredPlatforms names: on that platform they take linux/amd64 (image 1). Give every entry of the index its platform.",
                "On linux/arm64 clients take linux/amd64 (image 1 of the index), which does not run there: the index names no platform for this image, though it has another for that host. Give every entry of the index its platform.",
                "linux/arm64 (image 2 of the index) is pulled by nobody: clients take image 1 of the index (linux/amd64), which has no platform in the index either. Name its platform, or leave it out.",
            },
            report.Faults.Select(fault => fault.Message).ToArray());
        CollectionAssert.AreEqual(
            new[] { (DiagnosticCodes.RequiredPlatformAbsent, true), (DiagnosticCodes.EntryWithoutPlatform, true), (DiagnosticCodes.EntryNeverPicked, false) },
            report.Faults.Select(fault => (fault.Code, fault.IsCertain)).ToArray());
        Assert.IsFalse(report.IsTrue);
    }

    [TestMethod]
    [DataRow("-linux/amd64 linux/arm64", "linux/arm/v7, linux/386, linux/s390x, linux/ppc64le, linux/riscv64", false, DisplayName = "Nobody else is promised an image")]
    [DataRow("-linux/amd64", "linux/arm64, linux/arm/v7, linux/386, linux/s390x, linux/ppc64le, linux/riscv64", false, DisplayName = "As a plain manifest does, but an index can say it")]
    [DataRow("-linux/amd64 linux/arm64 -linux/loong64", "linux/loong64", true, DisplayName = "A host that is not in the table")]
    [DataRow("-linux/arm64 linux/amd64 -linux/riscv64 -linux/s390x", "linux/s390x, linux/riscv64", true)]
    public async Task What_is_taken_where_it_does_not_run_is_told_with_the_hosts(string platforms, string hosts, bool isCertain)
    {
        var report = await (await IndexAsync(platforms.Split(' '))).VerifyAsync();

        var fault = report.Faults.Single(fault => fault.Code == DiagnosticCodes.EntryWithoutPlatform);
        Assert.StartsWith($"On {hosts} clients take ", fault.Message);
        Assert.AreEqual(isCertain, fault.IsCertain);
        Assert.AreEqual(!isCertain, report.IsTrue);
    }

    [TestMethod]
    public async Task A_required_platform_is_there_when_clients_get_it_without_its_name()
    {
        var report = await (await IndexAsync("linux/amd64", "-linux/arm64")).VerifyAsync("linux/amd64", "linux/arm64");

        CollectionAssert.AreEqual(new[] { DiagnosticCodes.EntryWithoutPlatform }, report.Faults.Select(fault => fault.Code).ToArray());
        Assert.IsTrue(report.IsTrue, "Both hosts that the index has an image for get theirs.");
    }

    /// <summary>Several images under several names in one folder, as skopeo writes them: nobody chooses among them by platform.</summary>
    [TestMethod]
    public async Task Entries_of_a_layout_that_have_names_of_their_own_are_no_platforms()
    {
        var images = await IndexAsync("-linux/amd64", "-linux/arm64");
        var tagged = (await images.TagIndexAsync(images.Store)).Bytes;
        var layout = new ImageIndexBuilder();
        await images.CopyToAsync(layout.Store);
        foreach (var (i, entry) in ImageIndex.Parse(tagged.Span).Manifests.Index())
        {
            layout.Add(entry with { Annotations = new Dictionary<string, string> { [ImageLayoutFile.ReferenceName] = $"{i}.0" } });
        }

        Assert.HasCount(2, (await layout.VerifyAsync()).Faults, "In a registry a client does choose, whatever entries are called.");
        var report = await new ImageVerifier(layout.Store).VerifyAsync(new ImageLocation.Layout("/any", "1"), [Platform.LinuxArm64], CancellationToken.None);

        Assert.IsEmpty(report.Faults);
        Assert.IsEmpty(report.Selections);
        Assert.HasCount(2, report.Images);
    }

    [TestMethod]
    public async Task Skopeo_takes_the_first_image_without_a_platform_on_every_host()
    {
        Tool.Require("skopeo");
        var index = await IndexAsync("-linux/amd64", "-linux/arm64");
        using var folder = new TempDirectory();
        using (var layout = ImageLayout.Create(folder["image"]))
        {
            await index.CopyToAsync(layout);
        }

        var inspect = await new CommandLine("skopeo", ["--override-os", "linux", "--override-arch", "arm64", "inspect", "--config", $"oci:{folder["image"]}:1"]).RunAsync();

        Assert.AreEqual(0, inspect.ExitCode, inspect.Output);
        Assert.AreEqual("amd64", ImageConfig.Parse(System.Text.Encoding.UTF8.GetBytes(inspect.StandardOutput.Trim())).Architecture);
    }

    /// <param name="platforms">In the index's order; with <c>-</c> before it, the config alone names it.</param>
    private static async Task<ImageIndexBuilder> IndexAsync(params string[] platforms)
    {
        var index = new ImageIndexBuilder();
        foreach (var platform in platforms)
        {
            var named = platform.TrimStart('-');
            await index.AddAsync(platform == named ? named : null, named, ["/app"], ("app", Program(named)));
        }

        return index;
    }
}
