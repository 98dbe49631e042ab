using MultiArch.Oci.Formats;
using MultiArch.Oci.Images;
using MultiArch.Oci.Tests.Formats;

namespace MultiArch.Oci.Tests.Images;

[TestClass]
public sealed class IndexAssemblerTests
{
    [TestMethod]
    public void The_order_depends_on_the_platforms_alone()
    {
        AssembledImage[] images =
        [
            Image("linux-x64", new("amd64", "linux")), Image("linux-arm64", new("arm64", "linux")), Image("linux-arm", new("arm", "linux", "v7")),
            Image("a", new("amd64", "windows", OSVersion: "10.0.1")), Image("b", new("amd64", "windows", OSVersion: "10.0.2")),
        ];

        var forward = IndexAssembler.Assemble(images, ImageFormat.Oci, ImageAnnotations.None);
        var backward = IndexAssembler.Assemble([.. images.Reverse()], ImageFormat.Oci, ImageAnnotations.None);

        Assert.AreEqual(Json.Text(forward), Json.Text(backward));
        Assert.AreEqual(
            "linux/amd64 linux/arm/v7 linux/arm64 windows/amd64 windows/amd64",
            string.Join(' ', ImageIndex.Parse(forward.Bytes.Span).Manifests.Select(entry => entry.Platform)));
    }

    [TestMethod]
    public void Variant_and_version_of_the_operating_system_are_copied_as_the_config_says_them()
    {
        var index = Parse(IndexAssembler.Assemble([Image("x", new("arm64", "linux", "v8", "1.2.3"))], ImageFormat.Oci, ImageAnnotations.None));

        Assert.AreEqual(new Platform("arm64", "linux", "v8", "1.2.3"), index.Manifests[0].Platform);
    }

    [TestMethod]
    public void An_entry_describes_its_manifest()
    {
        var image = Image("linux-x64", Platform.LinuxAmd64);

        var entry = Parse(IndexAssembler.Assemble([image], ImageFormat.Oci, ImageAnnotations.None)).Manifests.Single();

        Assert.AreEqual(image.Manifest.Describe() with { Platform = Platform.LinuxAmd64 }, entry);
    }

    [TestMethod]
    [DataRow("linux/arm64", "linux/arm64")]
    [DataRow("linux/arm64", "linux/arm64/v8")]
    [DataRow("linux/arm", "linux/arm/v7")]
    [DataRow("linux/amd64", "linux/x86_64/v1")]
    public void The_same_platform_twice_is_refused_however_it_is_spelt(string first, string second)
    {
        AssembledImage[] images = [Image("linux-a", Platform.Parse(first)), Image("other", new("s390x", "linux")), Image("linux-b", Platform.Parse(second))];

        var error = Assert.ThrowsExactly<MultiArchException>(() => IndexAssembler.Assemble(images, ImageFormat.Oci, ImageAnnotations.None));

        Assert.AreEqual(DiagnosticCodes.PlatformNamedTwice, error.Code);
        Assert.Contains("linux-a and linux-b", error.Message);
    }

    [TestMethod]
    public void Dockers_list_has_Dockers_media_type()
    {
        var document = IndexAssembler.Assemble([Image("linux-x64", Platform.LinuxAmd64)], ImageFormat.Docker, ImageAnnotations.None);

        Assert.AreEqual(MediaTypes.DockerIndex, document.MediaType);
        Assert.AreEqual(MediaTypes.DockerIndex, Parse(document).MediaType);
    }

    private static ImageIndex Parse(Document document) => ImageIndex.Parse(document.Bytes.Span);

    private static AssembledImage Image(string runtimeIdentifier, Platform platform) =>
        ImageAssembler.Assemble(BaseImage.Scratch(platform), Sample.Plan(runtimeIdentifier: runtimeIdentifier), [Sample.Layer('1')], ImageFormat.Oci);
}
