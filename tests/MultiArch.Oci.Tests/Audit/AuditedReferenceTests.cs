using MultiArch.Oci.Audit;
using MultiArch.Oci.Registry;
using MultiArch.Oci.Registry.Transport;
using MultiArch.Oci.Storage;
using MultiArch.Testing;
using static MultiArch.Oci.Tests.Audit.ImageIndexBuilder;

namespace MultiArch.Oci.Tests.Audit;

/// <summary>What <c>MultiArchImageReference</c> means, in skopeo's words too.</summary>
[TestClass]
public sealed class AuditedReferenceTests
{
    [TestMethod]
    public async Task Of_several_images_in_one_place_a_tag_means_one()
    {
        Tool.Require("skopeo");
        using var folder = new TempDirectory();
        await WriteAsync(folder["one"], "linux/amd64");
        await WriteAsync(folder["two"], "linux/arm64");
        foreach (var (from, tag) in new[] { ("one", "1.0"), ("two", "r.io/app:2.0") })
        {
            (await new CommandLine("skopeo", ["copy", "--all", $"oci:{folder[from]}:1", $"oci:{folder["all"]}:{tag}"]).RunAsync()).ShouldSucceed();
        }

        System.Formats.Tar.TarFile.CreateFromDirectory(folder["all"], folder["all.tar"], includeBaseDirectory: false);

        foreach (var place in new[] { "oci:all", "oci-archive:all.tar" })
        {
            Assert.AreEqual("linux/amd64", (await VerifyAsync(folder, $"{place}:1.0")).Images.Single().Name);
            Assert.AreEqual("linux/arm64", (await VerifyAsync(folder, $"{place}:r.io/app:2.0")).Images.Single().Name);
            var all = await VerifyAsync(folder, place);
            Assert.HasCount(2, all.Images);
            Assert.IsEmpty(all.Faults, "Two indexes under two names are no index within an index.");
            var fault = await Assert.ThrowsExactlyAsync<MultiArchException>(() => VerifyAsync(folder, $"{place}:3.0"));
            Assert.AreEqual(DiagnosticCodes.VerifiedImageNotFound, fault.Code);
            Assert.AreEqual($"There is no image '{place.Replace(":all", $":{folder["all"]}", StringComparison.Ordinal)}:3.0'. Correct MultiArchImageReference.", fault.Message);
        }
    }

    [TestMethod]
    public async Task The_only_image_is_not_meant_by_another_tag()
    {
        using var folder = new TempDirectory();
        await WriteAsync(folder["one"], "linux/amd64");

        Assert.HasCount(1, (await VerifyAsync(folder, "oci:one")).Images);
        Assert.HasCount(1, (await VerifyAsync(folder, "oci:one:1")).Images);
        Assert.AreEqual(DiagnosticCodes.VerifiedImageNotFound, (await Assert.ThrowsExactlyAsync<MultiArchException>(() => VerifyAsync(folder, "oci:one:2"))).Code);
    }

    [TestMethod]
    public void A_path_with_a_colon_that_exists_has_no_tag()
    {
        using var folder = new TempDirectory();
        Directory.CreateDirectory(folder["a:b"]);
        Directory.CreateDirectory(folder["a"]);

        Assert.AreEqual(new ImageLocation.Layout(folder["a:b"]), AuditedReference.Parse("oci:a:b", folder.Path));
        Assert.AreEqual(new ImageLocation.Layout(folder["a"], "c"), AuditedReference.Parse("oci:a:c", folder.Path));
        Assert.AreEqual(new ImageLocation.Layout(folder["a"], "b:c"), AuditedReference.Parse("oci:a:b:c", folder.Path));
        Assert.AreEqual(new ImageLocation.Layout(folder["missing:1"]), AuditedReference.Parse("oci:missing:1", folder.Path));
    }

    private static async Task<ImageVerification> VerifyAsync(TempDirectory folder, string text)
    {
        var location = AuditedReference.Parse(text, folder.Path);
        using var transport = new RegistryTransport(new RegistryOptions());
        using var stores = new ImageStores(transport);
        return await new ImageVerifier(stores.Open(location, AuditedReference.Setting)).VerifyAsync(location, [], CancellationToken.None);
    }

    private static async Task WriteAsync(string folder, string platform)
    {
        var index = new ImageIndexBuilder();
        await index.AddAsync(platform, command: ["/app"], files: [("app", Program(platform))]);
        using var layout = ImageLayout.Create(folder);
        await index.CopyToAsync(layout);
    }
}
