using MultiArch.Oci.Formats;
using MultiArch.Oci.Images;
using MultiArch.Oci.Tests.Formats;

namespace MultiArch.Oci.Tests.Images;

[TestClass]
public sealed class ImageAssemblerTests
{
    private const string Zeros = "sha256:0000000000000000000000000000000000000000000000000000000000000000";
    private const string Ones = "sha256:1111111111111111111111111111111111111111111111111111111111111111";
    private const string Twos = "sha256:2222222222222222222222222222222222222222222222222222222222222222";
    private const string Threes = "sha256:3333333333333333333333333333333333333333333333333333333333333333";

    [TestMethod]
    public void An_image_on_nothing_is_these_bytes()
    {
        var image = ImageAssembler.Assemble(BaseImage.Scratch(Platform.LinuxArm64), Sample.Plan(runtimeIdentifier: "linux-arm64"), [Sample.Layer('1')], ImageFormat.Oci);

        Assert.AreEqual(
            """{"created":"2020-01-02T03:04:05Z","architecture":"arm64","os":"linux","config":{"Entrypoint":["/app/web"],"WorkingDir":"/app"},"""
            + $$$"""
              "rootfs":{"type":"layers","diff_ids":["{{{Twos}}}"]},"history":[{"created":"2020-01-02T03:04:05Z","created_by":"MultiArch.Build","comment":"app"}]}
              """,
            Json.Text(image.Config));
        Assert.AreEqual(
            """{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":{"mediaType":"application/vnd.oci.image.config.v1+json","""
            + $$$"""
              "digest":"{{{image.Config.Digest}}}","size":{{{image.Config.Bytes.Length}}}},"layers":[{"mediaType":"application/vnd.oci.image.layer.v1.tar+gzip","digest":"{{{Ones}}}","size":149}]}
              """,
            Json.Text(image.Manifest));
        Assert.AreEqual("linux-arm64", image.RuntimeIdentifier);
        Assert.AreEqual(Platform.LinuxArm64, image.Platform);
        Assert.AreEqual(image.Manifest.Digest, image.Content.ToDocument().Digest);
    }

    [TestMethod]
    public void An_image_on_a_base_is_these_bytes()
    {
        var @base = Sample.Base(
            $$$"""
            {"created":"2019-01-01T00:00:00Z","author":"a","architecture":"arm","variant":"v7","os":"linux","os.features":["f"],
             "config":{"User":"root","ExposedPorts":{"9000/udp":{}},"Env":["PATH=/bin","ASPNETCORE_HTTP_PORTS=8080"],"Entrypoint":["dotnet"],"Cmd":["x"],
                       "WorkingDir":"/","Labels":{"z":"1"},"StopSignal":"SIGQUIT"},
             "rootfs":{"type":"layers","diff_ids":["{{{Zeros}}}"]},"history":[{"created_by":"FROM","comment":"c"},{"created_by":"CMD","empty_layer":true}]}
            """,
            new Descriptor(MediaTypes.OciLayerGzip, Sample.Digest('9'), 42));
        var settings = Sample.Settings with
        {
            User = "1000",
            Environment = [new("A", "b")],
            Labels = new Dictionary<string, string> { ["a"] = "2" },
            Ports = ["53/udp"],
            GeneratedLabels = GeneratedLabels.Created | GeneratedLabels.BaseName | GeneratedLabels.BaseDigest,
        };

        var image = ImageAssembler.Assemble(@base, Sample.Plan(settings), [Sample.Layer('1', "lib"), Sample.Layer('2')], ImageFormat.Oci);

        Assert.AreEqual(
            """{"created":"2020-01-02T03:04:05Z","author":"a","architecture":"arm","variant":"v7","os":"linux","""
            + """
              "config":{"User":"1000","ExposedPorts":{"53/udp":{},"8080/tcp":{},"9000/udp":{}},"Env":["PATH=/bin","ASPNETCORE_HTTP_PORTS=8080","A=b"],"Entrypoint":["/app/web"],
              """
            + """
              "WorkingDir":"/app","Labels":{"a":"2","org.opencontainers.artifact.created":"2020-01-02T03:04:05Z","org.opencontainers.image.base.digest":
              """
            + $$$"""
              "{{{Sample.Digest('b')}}}","org.opencontainers.image.base.name":"r.io/base:1","org.opencontainers.image.created":"2020-01-02T03:04:05Z","z":"1"},"StopSignal":"SIGQUIT"},
              """
            + $$$"""
              "rootfs":{"type":"layers","diff_ids":["{{{Zeros}}}","{{{Twos}}}","{{{Threes}}}"]},"history":[{"created_by":"FROM","comment":"c"},{"created_by":"CMD","empty_layer":true},
              """
            + """{"created":"2020-01-02T03:04:05Z","created_by":"MultiArch.Build","comment":"lib"},{"created":"2020-01-02T03:04:05Z","created_by":"MultiArch.Build","comment":"app"}],"""
            + """
              "os.features":["f"]}
              """,
            Json.Text(image.Config));
        CollectionAssert.AreEqual(
            new[] { Sample.Digest('9'), Sample.Digest('1'), Sample.Digest('2') },
            image.Content.Layers.Select(layer => layer.Digest).ToArray());
        Assert.AreEqual("linux/arm/v7", image.Platform.ToString());
    }

    [TestMethod]
    public void Equal_input_is_equal_bytes_in_whatever_order_labels_and_ports_come()
    {
        var settings = Sample.Settings with { Labels = new Dictionary<string, string> { ["a"] = "1", ["B"] = "2", ["ä"] = "3" }, Ports = ["80/tcp", "443/tcp"] };
        var other = settings with { Labels = new Dictionary<string, string> { ["ä"] = "3", ["B"] = "2", ["a"] = "1" }, Ports = ["443/tcp", "80/tcp", "80/tcp"] };
        var @base = Sample.BaseWith("""  "Labels":{"x":"1","c":"2"},"ExposedPorts":{"99/tcp":{},"1/tcp":{}} """);

        var first = ImageAssembler.Assemble(@base, Sample.Plan(settings), [Sample.Layer('1')], ImageFormat.Oci);
        var second = ImageAssembler.Assemble(@base, Sample.Plan(other), [Sample.Layer('1')], ImageFormat.Oci);

        CollectionAssert.AreEqual(first.Config.Bytes.ToArray(), second.Config.Bytes.ToArray());
        CollectionAssert.AreEqual(first.Manifest.Bytes.ToArray(), second.Manifest.Bytes.ToArray());
    }

    [TestMethod]
    public void The_base_is_left_as_it_was()
    {
        var @base = Sample.BaseWith("""  "Env":["A=1"],"Labels":{"x":"1"} """);
        var before = Json.Text(@base.Config.ToDocument(ImageFormat.Oci));

        ImageAssembler.Assemble(@base, Sample.Plan(Sample.Settings with { Environment = [new("A", "2")] }), [Sample.Layer('1')], ImageFormat.Oci);

        Assert.AreEqual(before, Json.Text(@base.Config.ToDocument(ImageFormat.Oci)));
    }

    [TestMethod]
    public void Nothing_in_settings_and_base_leaves_no_empty_lists()
    {
        var settings = Sample.Settings with { Command = new StartCommand([], [], [], [], []) };

        var image = ImageAssembler.Assemble(BaseImage.Scratch(Platform.LinuxAmd64), Sample.Plan(settings), [], ImageFormat.Oci);

        Assert.AreEqual(
            """{"created":"2020-01-02T03:04:05Z","architecture":"amd64","os":"linux","config":{"WorkingDir":"/app"},"rootfs":{"type":"layers","diff_ids":[]},"history":[]}""",
            Json.Text(image.Config));
    }
}
