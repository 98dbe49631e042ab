using MultiArch.Oci.Images;
using MultiArch.Oci.Tests.Formats;

namespace MultiArch.Oci.Tests.Images;

[TestClass]
public sealed class ImageAnnotationsTests
{
    private static readonly Dictionary<string, string> Unsorted = new() { ["b"] = "2", ["B"] = "a:b;c=d%\"'", ["a.b"] = "", ["é"] = "世界 +" };

    [TestMethod]
    public void A_manifest_has_them_last_and_in_ordinal_order()
    {
        var image = ImageAssembler.Assemble(
            BaseImage.Scratch(Platform.LinuxAmd64), Sample.Plan(Sample.Settings with { Annotations = Unsorted }), [], ImageFormat.Oci);

        Assert.AreEqual(
            $$$"""{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"{{{image.Config.Digest}}}","size":{{{image.Config.Bytes.Length}}}},"layers":[],"annotations":{"B":"a:b;c=d%\"'","a.b":"","b":"2","é":"世界 +"}}""",
            Json.Text(image.Manifest));
    }

    [TestMethod]
    public void An_index_has_its_own_and_its_entries_have_none()
    {
        var image = ImageAssembler.Assemble(
            BaseImage.Scratch(Platform.LinuxAmd64), Sample.Plan(Sample.Settings with { Annotations = new Dictionary<string, string> { ["of"] = "manifest" } }), [], ImageFormat.Oci);

        var index = IndexAssembler.Assemble([image], ImageFormat.Oci, Unsorted);

        Assert.AreEqual(
            $$$"""{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[{"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"{{{image.Manifest.Digest}}}","size":{{{image.Manifest.Bytes.Length}}},"platform":{"architecture":"amd64","os":"linux"}}],"annotations":{"B":"a:b;c=d%\"'","a.b":"","b":"2","é":"世界 +"}}""",
            Json.Text(index));
    }

    [TestMethod]
    public void Without_any_the_member_is_absent()
    {
        var image = ImageAssembler.Assemble(BaseImage.Scratch(Platform.LinuxAmd64), Sample.Plan(), [], ImageFormat.Docker);

        Assert.DoesNotContain("annotations", Json.Text(image.Manifest));
        Assert.DoesNotContain("annotations", Json.Text(IndexAssembler.Assemble([image], ImageFormat.Docker, ImageAnnotations.None)));
    }

    [TestMethod]
    [DataRow("", "no key")]
    [DataRow("  ", "no key")]
    [DataRow("org.opencontainers.image.ref.name", "reserved")]
    public void A_key_that_none_can_have_is_refused_in_manifest_and_index(string key, string why)
    {
        var annotations = new Dictionary<string, string> { [key] = "x" };

        Refuses(() => Assemble(annotations, ImageFormat.Oci), why);
        Refuses(() => IndexAssembler.Assemble([Assemble(ImageAnnotations.None, ImageFormat.Oci)], ImageFormat.Oci, annotations), why);
    }

    [TestMethod]
    public void Dockers_format_has_no_place_for_them()
    {
        Refuses(() => Assemble(Unsorted, ImageFormat.Docker), "Docker");
        Refuses(() => IndexAssembler.Assemble([Assemble(ImageAnnotations.None, ImageFormat.Docker)], ImageFormat.Docker, Unsorted), "Docker");
    }

    private static AssembledImage Assemble(IReadOnlyDictionary<string, string> annotations, ImageFormat format) =>
        ImageAssembler.Assemble(BaseImage.Scratch(Platform.LinuxAmd64), Sample.Plan(Sample.Settings with { Annotations = annotations }), [], format);

    private static void Refuses(Action assemble, string why)
    {
        var error = Assert.ThrowsExactly<MultiArchException>(assemble);
        Assert.AreEqual(DiagnosticCodes.InvalidAnnotation, error.Code);
        Assert.Contains(why, error.Message);
    }
}
