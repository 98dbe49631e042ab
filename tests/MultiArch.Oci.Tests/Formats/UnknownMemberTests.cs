using System.Text.Json.Nodes;
using MultiArch.Oci.Formats;

namespace MultiArch.Oci.Tests.Formats;

/// <summary>What a base image says and this project does not know is still in the image that is made from it.</summary>
[TestClass]
public sealed class UnknownMemberTests
{
    [TestMethod]
    [DataRow("os.features", """["win32k","x"]""")]
    [DataRow("docker_version", "\"20.10.7+azure\"")]
    [DataRow("container", "\"abc\"")]
    [DataRow("moby.buildkit.cache.v0", """{"nested":{"deep":[1,[2,{"three":3}]]}}""")]
    [DataRow("one", "1.0")]
    [DataRow("thousand", "1e3")]
    [DataRow("tiny", "-0.000000000000000000000000000001")]
    [DataRow("huge", "123456789012345678901234567890")]
    [DataRow("beyond", "1e400")]
    [DataRow("yes", "true")]
    [DataRow("no", "false")]
    [DataRow("nothing", "null")]
    [DataRow("text", "\"Grüße 日本 <&>'+\"")]
    [DataRow("empty", "{}")]
    [DataRow("naïve-名", "[]")]
    [DataRow("platform", "\"x\"")]
    [DataRow("extensions", "\"x\"")]
    [DataRow("Extensions", "\"x\"")]
    [DataRow("oSVersion", "\"x\"")]
    [DataRow("Platform", "{}")]
    public void A_member_of_the_config_survives_a_change_with_the_same_text(string name, string value)
    {
        var text = $$$"""{"architecture":"amd64","os":"linux","{{{name}}}":{{{value}}},"rootfs":{"type":"layers","diff_ids":[]}}""";

        var changed = ImageConfig.Parse(Json.Bytes(text)) with { Created = "2020-01-01T00:00:00Z" };

        Assert.AreEqual(
            $$$"""{"created":"2020-01-01T00:00:00Z","architecture":"amd64","os":"linux","rootfs":{"type":"layers","diff_ids":[]},"{{{name}}}":{{{value}}}}""",
            Json.Text(changed.ToDocument(ImageFormat.Oci)));
    }

    [TestMethod]
    [DataRow("Healthcheck", """{"Test":["CMD-SHELL","curl -f http://localhost/ || exit 1"],"Interval":30000000000,"Timeout":1e3,"Retries":3}""")]
    [DataRow("Volumes", """{"/data":{},"/log":{}}""")]
    [DataRow("StopSignal", "\"SIGQUIT\"")]
    [DataRow("Shell", """["/bin/bash","-o","pipefail","-c"]""")]
    [DataRow("OnBuild", """["RUN echo \"hi\"","COPY . ."]""")]
    [DataRow("ArgsEscaped", "true")]
    [DataRow("Image", "\"sha256:abc\"")]
    [DataRow("OpenStdin", "false")]
    [DataRow("OnBuild", "null")]
    [DataRow("Memory", "1.0")]
    [DataRow("Extensions", "1")]
    public void A_member_of_the_containers_part_survives_a_change_with_the_same_text(string name, string value)
    {
        var text = $$$"""{"architecture":"amd64","os":"linux","config":{"{{{name}}}":{{{value}}},"User":"root"},"rootfs":{"diff_ids":[]}}""";

        var config = ImageConfig.Parse(Json.Bytes(text));
        var changed = config with { Config = config.Config! with { User = "app" } };

        Assert.AreEqual(
            $$$"""{"architecture":"amd64","os":"linux","config":{"User":"app","{{{name}}}":{{{value}}}},"rootfs":{"type":"layers","diff_ids":[]}}""",
            Json.Text(changed.ToDocument(ImageFormat.Oci)));
    }

    [TestMethod]
    public void Text_beyond_16_bits_keeps_its_value_though_not_its_spelling()
    {
        var config = ImageConfig.Parse(Json.Bytes("""{"architecture":"amd64","os":"linux","x":"🙂","rootfs":{"diff_ids":[]}}"""));

        Assert.AreEqual("🙂", JsonNode.Parse(config.ToDocument(ImageFormat.Oci).Bytes.Span)!["x"]!.GetValue<string>());
    }

    [TestMethod]
    [TestProperty("Catalogue", "85")]
    public void Members_of_a_descriptor_survive()
    {
        const string Descriptor = """{"mediaType":"a+b","digest":"sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855","size":0,"urls":["https://x/"],"data":"","artifactType":"t"}""";

        var manifest = ImageManifest.Parse(Json.Bytes($$$"""{"schemaVersion":2,"config":{{{Descriptor}}},"layers":[{{{Descriptor}}}]}"""));
        var changed = manifest with { Layers = [manifest.Layers[0] with { Annotations = new Dictionary<string, string> { ["a"] = "b" } }] };

        var expected = JsonNode.Parse(Descriptor)!;
        expected["annotations"] = new JsonObject { ["a"] = "b" };
        var written = JsonNode.Parse(changed.ToDocument().Bytes.Span)!;
        Assert.IsTrue(JsonNode.DeepEquals(expected, written["layers"]![0]), written.ToJsonString());
        Assert.IsTrue(JsonNode.DeepEquals(JsonNode.Parse(Descriptor), written["config"]), written.ToJsonString());
    }
}
