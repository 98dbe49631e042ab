using MultiArch.Oci.Formats;

namespace MultiArch.Oci.Tests.Formats;

/// <summary>The bytes are the identity of an image: each document is compared with literal JSON.</summary>
[TestClass]
public sealed class WrittenDocumentTests
{
    private const string Zeros = "sha256:0000000000000000000000000000000000000000000000000000000000000000";
    private const string Ones = "sha256:1111111111111111111111111111111111111111111111111111111111111111";

    [TestMethod]
    public void An_index_is_these_bytes()
    {
        var index = new ImageIndex(
            MediaTypes.OciIndex,
            [
                new(MediaTypes.OciManifest, Digest.Parse(Zeros), 7143, Platform.LinuxAmd64),
                new(MediaTypes.OciManifest, Digest.Parse(Ones), 7682, new("arm", "linux", "v7"), new Dictionary<string, string> { ["a"] = "<b>&'\"+é" }),
                new(MediaTypes.OciManifest, Digest.Parse(Ones), 1, new("amd64", "windows", OSVersion: "10.0.20348.1")),
            ],
            new Dictionary<string, string> { ["z"] = "1", ["a"] = "2" });

        var document = index.ToDocument();

        Assert.AreEqual(
            """{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":["""
            + $$$"""{"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"{{{Zeros}}}","size":7143,"platform":{"architecture":"amd64","os":"linux"}},"""
            + $$$"""{"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"{{{Ones}}}","size":7682,"platform":{"architecture":"arm","os":"linux","variant":"v7"},"annotations":{"a":"<b>&'\"+é"}},"""
            + $$$"""{"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"{{{Ones}}}","size":1,"platform":{"architecture":"amd64","os":"windows","os.version":"10.0.20348.1"}}],"""
            + """
              "annotations":{"z":"1","a":"2"}}
              """,
            Json.Text(document));
        Assert.AreEqual(MediaTypes.OciIndex, document.MediaType);
        Assert.AreEqual(Digest.Of(document.Bytes.Span), document.Digest);
        Assert.AreEqual(new Descriptor(MediaTypes.OciIndex, document.Digest, document.Bytes.Length), document.Describe());
    }

    [TestMethod]
    public void A_manifest_is_these_bytes()
    {
        var manifest = new ImageManifest(
            MediaTypes.DockerManifest,
            new(MediaTypes.DockerConfig, Digest.Parse(Zeros), 12),
            [new(MediaTypes.DockerLayerGzip, Digest.Parse(Ones), 5_000_000_000)]);

        Assert.AreEqual(
            """{"schemaVersion":2,"mediaType":"application/vnd.docker.distribution.manifest.v2+json","""
            + $$$"""
              "config":{"mediaType":"application/vnd.docker.container.image.v1+json","digest":"{{{Zeros}}}","size":12},
              """
            + $$$"""
              "layers":[{"mediaType":"application/vnd.docker.image.rootfs.diff.tar.gzip","digest":"{{{Ones}}}","size":5000000000}]}
              """,
            Json.Text(manifest.ToDocument()));
    }

    [TestMethod]
    public void A_config_is_these_bytes()
    {
        var config = new ImageConfig(
            "1980-01-01T00:00:01Z",
            "Zoë",
            "arm",
            "v7",
            "linux",
            null,
            new ContainerConfig(
                "1654",
                new Dictionary<string, EmptyObject> { ["8080/tcp"] = EmptyObject.Value },
                ["PATH=/bin", "A=1+1"],
                ["/app/web"],
                ["--x"],
                "/app",
                new Dictionary<string, string> { ["k"] = "v" }),
            new RootFileSystem([Digest.Parse(Ones)]),
            [new("1980-01-01T00:00:01Z", "me", "by", "comment", true), new()]);

        var document = config.ToDocument(ImageFormat.Docker);

        Assert.AreEqual(
            """{"created":"1980-01-01T00:00:01Z","author":"Zoë","architecture":"arm","variant":"v7","os":"linux","""
            + """
              "config":{"User":"1654","ExposedPorts":{"8080/tcp":{}},"Env":["PATH=/bin","A=1+1"],"Entrypoint":["/app/web"],"Cmd":["--x"],
              """
            + """
              "WorkingDir":"/app","Labels":{"k":"v"}},
              """
            + $$$"""
              "rootfs":{"type":"layers","diff_ids":["{{{Ones}}}"]},
              """
            + """
              "history":[{"created":"1980-01-01T00:00:01Z","author":"me","created_by":"by","comment":"comment","empty_layer":true},{}]}
              """,
            Json.Text(document));
        Assert.AreEqual(MediaTypes.DockerConfig, document.MediaType);
        Assert.AreEqual(MediaTypes.OciConfig, config.ToDocument(ImageFormat.Oci).MediaType);
        Assert.AreEqual(document.Digest, config.ToDocument(ImageFormat.Oci).Digest, "the bytes of both families are the same");
    }

    [TestMethod]
    public void A_config_of_nothing_is_these_bytes() => Assert.AreEqual(
        """{"architecture":"arm64","os":"linux","rootfs":{"type":"layers","diff_ids":[]}}""",
        Json.Text(ImageConfig.Empty(Platform.LinuxArm64).ToDocument(ImageFormat.Oci)));

    [TestMethod]
    public void The_marker_of_a_layout_is_these_bytes() =>
        Assert.AreEqual("""{"imageLayoutVersion":"1.0.0"}""", System.Text.Encoding.UTF8.GetString(ImageLayoutFile.MarkerContent));

    [TestMethod]
    [TestProperty("Catalogue", "51")]
    public void A_document_of_exactly_4_MiB_is_the_largest_that_registries_take()
    {
        Assert.AreEqual(4 * 1024 * 1024, new Document("x", new byte[4 * 1024 * 1024]).Describe().Size);

        var error = Assert.ThrowsExactly<MultiArchException>(() => new Document("x", new byte[4 * 1024 * 1024 + 1]));

        Assert.AreEqual(DiagnosticCodes.DocumentTooLarge, error.Code);
    }

    [TestMethod]
    [TestProperty("Catalogue", "51")]
    public void A_config_above_4_MiB_is_refused_when_it_is_written()
    {
        var label = new Dictionary<string, string> { ["long"] = new('x', Document.MaxSize) };
        var config = ImageConfig.Empty(Platform.LinuxAmd64) with { Config = new ContainerConfig(Labels: label) };

        var error = Assert.ThrowsExactly<MultiArchException>(() => config.ToDocument(ImageFormat.Oci));

        Assert.AreEqual(DiagnosticCodes.DocumentTooLarge, error.Code);
    }
}
