using MultiArch.Oci.Formats;
using MultiArch.Oci.Images;

namespace MultiArch.Oci.Tests.Images;

[TestClass]
public sealed class AssembledLayersTests
{
    [TestMethod]
    [DataRow(ImageFormat.Oci, MediaTypes.OciLayer, MediaTypes.OciLayer)]
    [DataRow(ImageFormat.Oci, MediaTypes.OciLayerGzip, MediaTypes.OciLayerGzip)]
    [DataRow(ImageFormat.Oci, MediaTypes.OciLayerZstd, MediaTypes.OciLayerZstd)]
    [DataRow(ImageFormat.Oci, MediaTypes.DockerLayer, MediaTypes.OciLayer)]
    [DataRow(ImageFormat.Oci, MediaTypes.DockerLayerGzip, MediaTypes.OciLayerGzip)]
    [DataRow(ImageFormat.Docker, MediaTypes.OciLayer, MediaTypes.DockerLayer)]
    [DataRow(ImageFormat.Docker, MediaTypes.OciLayerGzip, MediaTypes.DockerLayerGzip)]
    [DataRow(ImageFormat.Docker, MediaTypes.DockerLayer, MediaTypes.DockerLayer)]
    [DataRow(ImageFormat.Docker, MediaTypes.DockerLayerGzip, MediaTypes.DockerLayerGzip)]
    [DataRow(ImageFormat.Docker, "application/vnd.example", "application/vnd.example")]
    [DataRow(ImageFormat.Oci, "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip", "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip")]
    [TestProperty("Catalogue", "85")]
    public void A_base_layer_takes_the_media_type_of_the_images_family_and_keeps_the_rest(ImageFormat format, string mediaType, string expected)
    {
        var layer = new Descriptor(mediaType, Sample.Digest('9'), 42, Annotations: new Dictionary<string, string> { ["a"] = "b" });

        var image = Assemble(format, null, layer);

        Assert.AreEqual(layer with { MediaType = expected }, image.Content.Layers[0]);
        Assert.AreEqual(format is ImageFormat.Docker ? MediaTypes.DockerLayerGzip : MediaTypes.OciLayerGzip, image.Content.Layers[1].MediaType);
    }

    [TestMethod]
    public void A_zstd_layer_cannot_go_into_an_image_of_Dockers_format()
    {
        var layer = new Descriptor(MediaTypes.OciLayerZstd, Sample.Digest('9'), 42);

        var error = Assert.ThrowsExactly<MultiArchException>(() => Assemble(ImageFormat.Docker, null, layer));

        Assert.AreEqual(DiagnosticCodes.InvalidImageFormat, error.Code);
    }

    [TestMethod]
    [DataRow(ImageFormat.Oci, MediaTypes.OciManifest, MediaTypes.OciConfig)]
    [DataRow(ImageFormat.Docker, MediaTypes.DockerManifest, MediaTypes.DockerConfig)]
    public void Manifest_and_config_are_of_the_family(ImageFormat format, string manifest, string config)
    {
        var image = Assemble(format, null);

        Assert.AreEqual(manifest, image.Manifest.MediaType);
        Assert.AreEqual(manifest, image.Content.MediaType);
        Assert.AreEqual(config, image.Config.MediaType);
        Assert.AreEqual(image.Config.Describe(), image.Content.Config);
    }

    [TestMethod]
    // Layers are counted without those entries that made none.
    [DataRow("""[{"created_by":"a"},{"created_by":"b","empty_layer":true},{"created_by":"c","empty_layer":false}]""", "a b c MultiArch.Build")]
    // No book, one that is too short and one that is too long: one entry for each layer takes its place.
    [DataRow(null, "- - MultiArch.Build")]
    [DataRow("null", "- - MultiArch.Build")]
    [DataRow("[]", "- - MultiArch.Build")]
    [DataRow("""[{"created_by":"a"}]""", "- - MultiArch.Build")]
    [DataRow("""[{"created_by":"a"},{"created_by":"b","empty_layer":true}]""", "- - MultiArch.Build")]
    [DataRow("""[{"created_by":"a"},{"created_by":"b"},{"created_by":"c"}]""", "- - MultiArch.Build")]
    public void The_history_has_an_entry_for_each_layer(string? history, string createdBy)
    {
        var layers = new[] { '7', '8' }.Select(digit => new Descriptor(MediaTypes.OciLayerGzip, Sample.Digest(digit), 1)).ToArray();

        var config = ImageConfig.Parse(Assemble(ImageFormat.Oci, history, layers).Config.Bytes.Span);

        Assert.AreEqual(createdBy, string.Join(' ', config.History!.Select(entry => entry.CreatedBy ?? "-")));
        Assert.HasCount(3, config.History!.Where(entry => entry.EmptyLayer is not true));
        CollectionAssert.AreEqual(new[] { Sample.Digest('7'), Sample.Digest('8'), Sample.Digest('2') }, config.RootFS.DiffIds.ToArray());
    }

    private static AssembledImage Assemble(ImageFormat format, string? history, params Descriptor[] layers)
    {
        var diffIds = string.Join(',', layers.Select(layer => $"\"{layer.Digest}\""));
        var @base = Sample.Base(
            $$$"""{"architecture":"amd64","os":"linux","rootfs":{"type":"layers","diff_ids":[{{{diffIds}}}]}{{{(history is null ? "" : $",\"history\":{history}")}}}}""",
            layers);
        return ImageAssembler.Assemble(@base, Sample.Plan(), [Sample.Layer('1')], format);
    }
}
