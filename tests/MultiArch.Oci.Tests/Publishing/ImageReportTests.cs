using System.Text;
using System.Text.Json;
using MultiArch.Oci.Images;
using MultiArch.Oci.Publishing;
using MultiArch.Oci.Storage;
using MultiArch.Testing;

namespace MultiArch.Oci.Tests.Publishing;

/// <summary>What image.json says.</summary>
[TestClass]
public sealed class ImageReportTests
{
    public required TestContext TestContext { get; init; }

    private CancellationToken Token => TestContext.CancellationToken;

    [TestMethod]
    public async Task It_names_the_index_and_each_platform_with_base_and_layers()
    {
        using var publication = new Publication();
        var report = await publication.PublishAsync(
            new RecordingStore(), [publication.Plan("linux-x64", layers: ["x"]), publication.Plan("linux-arm64", "scratch", "arm")], Token);

        var text = Encoding.UTF8.GetString(ImageReport.Create(report, "r.io/me/app", ["r.io/me/app:2.0", "r.io/me/app:latest"]).ToUtf8Bytes());

        var (x64, arm64) = (report.Images[0], report.Images[1]);
        Assert.AreEqual(
            $$"""
            {
              "schemaVersion": 1,
              "name": "r.io/me/app",
              "names": [
                "r.io/me/app:2.0",
                "r.io/me/app:latest"
              ],
              "tags": [
                "2.0",
                "latest"
              ],
              "mediaType": "application/vnd.oci.image.index.v1+json",
              "digest": "{{report.Index!.Digest}}",
              "size": {{report.Index.Bytes.Length}},
              "index": {
                "mediaType": "application/vnd.oci.image.index.v1+json",
                "digest": "{{report.Index.Digest}}",
                "size": {{report.Index.Bytes.Length}}
              },
              "platforms": [
                {
                  "runtimeIdentifier": "linux-x64",
                  "platform": "linux/amd64",
                  "mediaType": "application/vnd.oci.image.manifest.v1+json",
                  "digest": "{{x64.Manifest.Digest}}",
                  "size": {{x64.Manifest.Bytes.Length}},
                  "base": {
                    "name": "r.io/base:1",
                    "digest": "{{x64.BaseDigest}}"
                  },
                  "layers": [
                    {{Layer(x64.Layers[0], "null")}},
                    {{Layer(x64.Layers[1], "null")}},
                    {{Layer(x64.Layers[2], "\"layer 0\"")}}
                  ]
                },
                {
                  "runtimeIdentifier": "linux-arm64",
                  "platform": "linux/arm64",
                  "mediaType": "application/vnd.oci.image.manifest.v1+json",
                  "digest": "{{arm64.Manifest.Digest}}",
                  "size": {{arm64.Manifest.Bytes.Length}},
                  "base": {
                    "name": "scratch",
                    "digest": null
                  },
                  "layers": [
                    {{Layer(arm64.Layers[0], "\"layer 0\"")}}
                  ]
                }
              ]
            }

            """,
            text);
    }

    [TestMethod]
    public async Task What_was_sent_makes_no_difference_nor_does_the_order_of_the_plans()
    {
        using var publication = new Publication();
        var destination = new RecordingStore();
        ImagePlan[] plans = [publication.Plan("linux-x64", layers: ["x"]), publication.Plan("linux-arm64", layers: ["arm"])];

        var first = ImageReport.Create(await publication.PublishAsync(destination, plans, Token), "n", []).ToUtf8Bytes();
        var second = ImageReport.Create(await publication.PublishAsync(destination, [.. plans.Reverse()], Token), "n", []).ToUtf8Bytes();

        CollectionAssert.AreEqual(first, second);
    }

    [TestMethod]
    public async Task A_base_in_a_folder_is_named_as_the_project_names_it()
    {
        using var publication = new Publication();
        using (var @base = ImageLayout.Create(publication.Folder["base"]))
        {
            await Publication.WriteBaseAsync(@base, Platform.LinuxAmd64);
        }

        var report = await publication.PublishAsync(new RecordingStore(), [publication.Plan("linux-x64", "oci:base", "x")], Token);

        Assert.AreEqual("oci:base", ImageReport.Create(report, "n", []).Platforms.Single().Base.Name);
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public async Task It_is_what_its_schema_says(bool singleManifest)
    {
        using var publication = new Publication { Asking = request => request with { SingleManifest = singleManifest } };
        var report = await publication.PublishAsync(new RecordingStore(), [publication.Plan("linux-x64", layers: ["x"])], Token);
        using var document = JsonDocument.Parse(ImageReport.Create(report, "n", ["n:latest"]).ToUtf8Bytes());
        using var schema = JsonDocument.Parse(await File.ReadAllBytesAsync(Path.Combine(RepositoryFolder.Path, "docs", "image.schema.json"), Token));

        Assert.AreEqual(singleManifest, document.RootElement.GetProperty("index").ValueKind is JsonValueKind.Null);
        Assert.AreEqual("", string.Join('\n', SchemaCheck.Find(schema.RootElement, document.RootElement)));
    }

    [TestMethod]
    public void The_check_of_the_schema_finds_what_is_wrong()
    {
        using var schema = JsonDocument.Parse("""{"$defs":{"n":{"type":"integer"}},"type":"object","required":["a","b"],"properties":{"a":{"type":"array","items":{"$ref":"#/$defs/n"}},"b":{"type":["string","null"],"pattern":"^x$"},"c":{"const":1}}}""");
        using var sound = JsonDocument.Parse("""{"a":[1,2],"b":null,"c":1}""");
        using var wrong = JsonDocument.Parse("""{"a":[1,"2"],"c":2,"d":0}""");
        using var pattern = JsonDocument.Parse("""{"a":{},"b":"y"}""");

        Assert.IsEmpty(SchemaCheck.Find(schema.RootElement, sound.RootElement));
        CollectionAssert.AreEquivalent(
            new[] { "$: lacks 'b'", "$.a[1]: is no integer", "$.c: is not 1", "$.d: is not in the schema" },
            SchemaCheck.Find(schema.RootElement, wrong.RootElement).ToArray());
        CollectionAssert.AreEquivalent(new[] { "$.a: is no array", "$.b: does not match ^x$" }, SchemaCheck.Find(schema.RootElement, pattern.RootElement).ToArray());
    }

    private static string Layer(PublishedLayer layer, string title) => $$"""
        {
                  "mediaType": "{{layer.Descriptor.MediaType}}",
                  "digest": "{{layer.Descriptor.Digest}}",
                  "size": {{layer.Descriptor.Size}},
                  "diffId": "{{layer.DiffId}}",
                  "title": {{title}}
                }
        """;
}
