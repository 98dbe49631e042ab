using MultiArch.Oci.Tests.Inspection;
using MultiArch.Oci.Audit;
using static MultiArch.Oci.Tests.Audit.ImageIndexBuilder;

namespace MultiArch.Oci.Tests.Audit;

[TestClass]
public sealed class ImageVerifierTests
{
    private static readonly string[] Platforms = ["linux/amd64", "linux/arm64", "linux/arm/v7", "linux/386", "linux/riscv64", "linux/s390x", "linux/ppc64le", "linux/loong64"];

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public async Task A_true_index_of_eight_platforms_passes_with_either_family_of_media_types(bool isDocker)
    {
        var index = new ImageIndexBuilder { IsDocker = isDocker };
        foreach (var platform in Platforms)
        {
            await index.AddAsync(platform, command: ["/app"], files: [("app", Program(platform)), ("etc/motd", "ELF"u8.ToArray())]);
        }

        await index.AddAttestationAsync();

        var report = await index.VerifyAsync(Platforms);

        Assert.AreEqual("", Messages(report));
        Assert.IsTrue(report.IsTrue);
        Assert.AreEqual(1, report.OtherEntries);
        CollectionAssert.AreEqual(Platforms, report.Images.Select(image => image.Config!.ToString()).ToArray());
        Assert.AreEqual("x86-64: 1", Kinds(report.Images[0]));
        Assert.AreEqual("AArch64: 1", Kinds(report.Images[1]));
        Assert.AreEqual("S/390: 1", Kinds(report.Images[5]));
    }

    [TestMethod]
    public async Task Every_platform_that_holds_another_ones_program_lies()
    {
        foreach (var platform in Platforms)
        {
            foreach (var other in Platforms.Where(other => other != platform))
            {
                var index = new ImageIndexBuilder();
                await index.AddAsync(platform, command: ["/app"], files: [("app", Program(other))]);

                var report = await index.VerifyAsync();

                Assert.IsFalse(report.IsTrue, $"{other} as {platform}");
                Assert.AreEqual("/app", report.Images.Single().Disagreeing.Single().Fault.Path);
            }
        }
    }

    [TestMethod]
    public async Task A_lie_is_told_with_the_file_and_what_users_would_read()
    {
        var index = new ImageIndexBuilder();
        await index.AddAsync("linux/amd64", command: ["/app"], files: [("app", Program("linux/amd64"))]);
        await index.AddAsync("linux/arm64", command: ["/app"], files: [("app", Program("linux/amd64"))]);

        var fault = (await index.VerifyAsync()).Faults.Single();

        Assert.AreEqual(DiagnosticCodes.FilesOfAnotherPlatform, fault.Code);
        Assert.AreEqual(
            "linux/arm64 has 1 file not made for it: /app (ELF for x86-64; the image's command uses it). Expected: ELF for AArch64. Who uses the first reads: exec /app: exec format error. Build the image from files of that platform.",
            fault.Message);
    }

    [TestMethod]
    public async Task What_a_later_layer_replaces_or_removes_does_not_count()
    {
        var index = new ImageIndexBuilder();
        var foreign = Program("linux/amd64");
        await index.AddLayersAsync("linux/arm64", null, ["/app"],
        [
            Tar(("app", foreign), ("usr/bin/", []), ("usr/bin/old", foreign), ("opt/", []), ("opt/a/", []), ("opt/a/one", foreign), ("opt/a/two", foreign)),
            Tar(("app", Program("linux/arm64")), ("usr/bin/.wh.old", []), ("opt/a/.wh..wh..opq", []), ("opt/a/three", Program("linux/arm64"))),
        ]);

        var report = await index.VerifyAsync();

        Assert.AreEqual("", Messages(report));
        Assert.AreEqual("AArch64: 2", Kinds(report.Images.Single()));
    }

    [TestMethod]
    public async Task A_layer_that_images_share_is_read_once_and_judged_for_each()
    {
        var index = new ImageIndexBuilder();
        var shared = Tar(("usr/bin/", []), ("usr/bin/tool", Program("linux/amd64")), ("usr/bin/same => usr/bin/tool", []));
        await index.AddLayersAsync("linux/amd64", null, ["/app"], [shared, Tar(("app", Program("linux/amd64")))]);
        await index.AddLayersAsync("linux/arm64", null, ["/app"], [shared, Tar(("app", Program("linux/arm64")))]);

        var report = await index.VerifyAsync();

        Assert.AreEqual(1, index.Store.Reads.Count(read => read == $"open {Digest.Of(Gzip(shared))}"));
        Assert.IsEmpty(report.Images[0].Disagreeing);
        Assert.AreEqual("/usr/bin/same /usr/bin/tool", string.Join(' ', report.Images[1].Disagreeing.Select(file => file.Fault.Path)));
        Assert.IsFalse(report.IsTrue);
    }

    [TestMethod]
    public async Task Index_and_config_have_to_name_the_same_platform()
    {
        var index = new ImageIndexBuilder();
        await index.AddAsync("linux/arm64/v8", "linux/arm64", ["/app"], ("app", Program("linux/arm64")));
        await index.AddAsync("linux/arm/v6", "linux/arm", ["/app"], ("app", Program("linux/arm/v7")));
        await index.AddAsync("linux/s390x", "linux/amd64", ["/app"], ("app", Program("linux/s390x")));

        var report = await index.VerifyAsync();

        var faults = report.Faults.Where(fault => fault.Code == DiagnosticCodes.PlatformContradicted).ToList();
        Assert.HasCount(2, faults);
        Assert.IsFalse(faults[0].IsCertain, "A config without a variant says less.");
        Assert.IsTrue(faults[1].IsCertain);
        Assert.StartsWith("linux/s390x is linux/s390x in the index and linux/amd64 in its own config.", faults[1].Message);
    }

    [TestMethod]
    public async Task An_index_without_images_is_no_image()
    {
        var empty = await new ImageIndexBuilder().VerifyAsync();
        var attested = new ImageIndexBuilder();
        await attested.AddAttestationAsync();

        foreach (var report in new[] { empty, await attested.VerifyAsync() })
        {
            Assert.AreEqual(DiagnosticCodes.NoImages, report.Faults.Single().Code);
            Assert.IsFalse(report.IsTrue);
        }
    }

    [TestMethod]
    public async Task A_single_image_is_taken_for_an_index_of_itself()
    {
        var index = new ImageIndexBuilder();
        await index.TagAsync(await index.AddAsync(null, "linux/arm64", ["/app"], ("app", Program("linux/arm64"))));
        Assert.AreEqual("", Messages(await index.VerifyAsync(index.Store)));

        await index.TagAsync(await index.AddAsync(null, "linux/arm64", ["/app"], ("app", Program("linux/amd64"))));
        var report = await index.VerifyAsync(index.Store, "linux/s390x");

        Assert.IsEmpty(report.Selections);
        CollectionAssert.AreEqual(new[] { DiagnosticCodes.FilesOfAnotherPlatform, DiagnosticCodes.RequiredPlatformAbsent }, report.Faults.Select(fault => fault.Code).ToArray());
    }

    [TestMethod]
    public async Task What_is_required_and_absent_is_told_with_what_there_is()
    {
        var index = new ImageIndexBuilder();
        await index.AddAsync("linux/arm64/v8", "linux/arm64", ["/app"], ("app", Program("linux/arm64")));

        var fault = (await index.VerifyAsync("linux/arm64", "linux/amd64")).Faults.Single();

        Assert.AreEqual("There is no image for linux/amd64, which MultiArchRequiredPlatforms names. There is: linux/arm64/v8. Publish that platform too.", fault.Message);
        Assert.IsTrue(fault.IsCertain);
    }

    [TestMethod]
    public async Task Entries_that_nobody_pulls_are_told()
    {
        var index = new ImageIndexBuilder();
        foreach (var platform in new[] { "linux/amd64", "linux/amd64/v2", "linux/arm64", "linux/arm64/v9", "linux/arm64/v8" })
        {
            await index.AddAsync(platform, command: ["/app"], files: [("app", Program(platform[..11])), ("name", System.Text.Encoding.UTF8.GetBytes(platform))]);
        }

        var report = await index.VerifyAsync();

        Assert.IsTrue(report.IsTrue);
        CollectionAssert.AreEqual(
            new[]
            {
                "linux/amd64/v2 (image 2 of the index) is pulled by nobody: containerd, docker and podman on an ordinary host of that architecture look for an entry without that variant. Leave it out, or name the platform as hosts do.",
                "linux/arm64/v9 (image 4 of the index) is pulled by nobody: containerd, docker and podman on an ordinary host of that architecture look for an entry without that variant. Leave it out, or name the platform as hosts do.",
            },
            report.Faults.Select(fault => fault.Message).ToArray(),
            "podman prefers linux/arm64/v8");
    }

    [TestMethod]
    public async Task Platforms_whose_files_nobody_knows_are_listed_and_not_judged()
    {
        var index = new ImageIndexBuilder();
        await index.AddAsync("windows/amd64", files: [("app.exe", new SyntheticPe { IsAssembly = false }.ToBytes())]);
        await index.AddAsync("linux/mips64le", files: [("app", Program("linux/amd64"))]);

        var report = await index.VerifyAsync();

        Assert.IsTrue(report.IsTrue);
        Assert.IsTrue(report.Images.All(image => !image.IsInspected));
    }

    [TestMethod]
    public async Task The_report_is_JSON()
    {
        var index = new ImageIndexBuilder();
        await index.AddAsync("linux/arm64", command: ["/app"], files: [("app", Program("linux/amd64"))]);

        var json = System.Text.Json.Nodes.JsonNode.Parse(ImageVerificationJson.Write(await index.VerifyAsync()))!;

        Assert.IsFalse((bool)json["isTrue"]!);
        Assert.AreEqual("linux/arm64", (string?)json["images"]![0]!["index"]);
        Assert.AreEqual(1, (int)json["images"]![0]!["binaries"]!["x86-64"]!);
        Assert.AreEqual("foreignMachine", (string?)json["images"]![0]!["disagreeing"]![0]!["fault"]!["kind"]);
        Assert.AreEqual("linux/amd64", (string?)json["selections"]![0]!["host"]);
        Assert.IsNull(json["selections"]![0]!["docker"]);
        Assert.AreEqual("MARCH3053", (string?)json["faults"]![0]!["code"]);
    }

    private static string Messages(ImageVerification report) => string.Join('\n', report.Faults.Select(fault => fault.Message));

    private static string Kinds(VerifiedPlatform image) => string.Join(", ", image.Binaries.Select(kind => $"{kind.Key}: {kind.Value}"));
}
