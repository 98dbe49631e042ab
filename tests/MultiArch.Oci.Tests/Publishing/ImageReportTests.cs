using System.Text;
using System.Text.Json.Nodes;
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

    private static readonly ImageReport.Naming Naming = new("web", "r.io/me/app", "r.io", "me/app", ["r.io/me/app:2.0", "r.io/me/app:latest"]);

    private CancellationToken Token => TestContext.CancellationToken;

    [TestMethod]
    public async Task It_names_the_index_and_each_platform_with_base_and_layers()
    {
        var time = new LeapingTime();
        using var publication = new Publication { Time = time };
        publication.OnEvent = happened => time.Advance(happened switch
        {
            PublishEvent.BaseResolved => TimeSpan.FromSeconds(1), // of two platforms
            PublishEvent.LayerPacked => TimeSpan.FromSeconds(10), // likewise
            PublishEvent.Tagged => TimeSpan.FromSeconds(0.5004),
            _ => TimeSpan.Zero,
        });
        var report = await publication.PublishAsync(
            new RecordingStore(), [publication.Plan("linux-x64", layers: ["x"]), publication.Plan("linux-arm64", "scratch", "arm")], Token);

        var text = Encoding.UTF8.GetString(ImageReport.Create(report, Naming).ToUtf8Bytes());

        var (x64, arm64) = (report.Images[0], report.Images[1]);
        Assert.AreEqual(
            $$"""
            {
              "schemaVersion": 1,
              "project": "web",
              "name": "r.io/me/app",
              "registry": "r.io",
              "repository": "me/app",
              "names": [
                "r.io/me/app:2.0",
                "r.io/me/app:latest"
              ],
              "tags": [
                "2.0",
                "latest"
              ],
              "tagsIntended": [
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
              ],
              "publish": {
                "startedAt": "{{report.Times.StartedAt:yyyy-MM-dd'T'HH:mm:sszzz}}",
                "seconds": {
                  "preparing": 2,
                  "sending": {{report.Times.Sending.TotalSeconds}},
                  "completing": 0.5,
                  "total": {{2.5 + report.Times.Sending.TotalSeconds}}
                },
                "bytesSent": {{report.BytesSent}}
              },
              "indexAnnotations": {}
            }

            """,
            text);
        Assert.IsGreaterThanOrEqualTo(TimeSpan.FromSeconds(20), report.Times.Sending);
        var blobs = report.Images.SelectMany(image => image.Layers).Select(layer => layer.Descriptor).Concat(report.Images.Select(image => image.Config.Describe()));
        Assert.AreEqual(blobs.DistinctBy(blob => blob.Digest).Sum(blob => blob.Size), report.BytesSent, "Each blob once, configurations too.");
    }

    [TestMethod]
    public async Task A_second_publish_has_sent_nothing_and_is_of_the_same_image_in_whatever_order_the_plans_come()
    {
        using var publication = new Publication();
        var destination = new RecordingStore();
        ImagePlan[] plans = [publication.Plan("linux-x64", layers: ["x"]), publication.Plan("linux-arm64", layers: ["arm"])];

        var first = ImageReport.Create(await publication.PublishAsync(destination, plans, Token), Naming);
        var second = ImageReport.Create(await publication.PublishAsync(destination, [.. plans.Reverse()], Token), Naming);

        Assert.IsFalse(first.FoundAllThere);
        Assert.IsTrue(first.Platforms.SelectMany(platform => platform.Layers).All(layer => layer.Transfer == "uploaded"));
        Assert.IsTrue(second.FoundAllThere);
        Assert.AreEqual(0, second.Publish.BytesSent);
        Assert.IsTrue(second.IsOfSameImageAs(first));
        Assert.IsFalse((second with { Tags = ["2.0"] }).IsOfSameImageAs(first), "Another tag is another thing to say.");
        Assert.IsFalse((second with { Digest = second.Platforms[0].Digest }).IsOfSameImageAs(first));
    }

    [TestMethod]
    public async Task It_is_read_as_it_was_written_and_members_of_later_versions_are_passed_over()
    {
        using var publication = new Publication();
        var bytes = ImageReport.Create(await publication.PublishAsync(new RecordingStore(), [publication.Plan("linux-x64", layers: ["x"])], Token), Naming).ToUtf8Bytes();
        var later = Encoding.UTF8.GetString(bytes).Replace("\"project\":", "\"colour\": \"blue\",\n  \"project\":", StringComparison.Ordinal);

        CollectionAssert.AreEqual(bytes, ImageReport.Parse(bytes).ToUtf8Bytes());
        CollectionAssert.AreEqual(bytes, ImageReport.Parse(Encoding.UTF8.GetBytes(later)).ToUtf8Bytes());
        CollectionAssert.AreEqual(bytes, ImageReport.Parse([0xEF, 0xBB, 0xBF, .. bytes]).ToUtf8Bytes(), "With a byte order mark.");
    }

    [TestMethod]
    public async Task A_file_without_the_member_that_its_schema_does_not_require_is_read()
    {
        using var publication = new Publication();
        var report = ImageReport.Create(await publication.PublishAsync(new RecordingStore(), [publication.Plan("linux-x64", layers: ["x"])], Token), Naming);
        var json = JsonNode.Parse(report.ToUtf8Bytes())!.AsObject();
        Assert.IsTrue(json.Remove("indexAnnotations"));

        var read = ImageReport.Parse(Encoding.UTF8.GetBytes(json.ToJsonString()));

        Assert.IsEmpty(read.IndexAnnotations);
        CollectionAssert.AreEqual(report.ToUtf8Bytes(), read.ToUtf8Bytes());
    }

    [TestMethod]
    [DataRow("", "", "")]
    [DataRow("\"schemaVersion\": 1", "\"schemaVersion\": 2", "its schemaVersion is 2, and this version of MultiArch.Build understands 1")]
    [DataRow("\"digest\": \"sha256:", "\"digest\": \"sha257:", "sha256")]
    [DataRow("\"name\": \"r.io/me/app\",", "", "name")]
    [DataRow("\"r.io/me/app:2.0\"", "null", "lacks")]
    [DataRow("\"name\": \"r.io/me/app\"", "\"name\": null", "name")]
    [DataRow("\"size\"", "\"size\": 1, \"size\"", "size")]
    [DataRow("\"size\": ", "\"size\": -", "less than 0")]
    [DataRow("{", "[", "JSON")]
    public async Task What_is_no_such_file_is_refused_with_a_reason(string old, string @new, string says)
    {
        using var publication = new Publication();
        var text = Encoding.UTF8.GetString(
            ImageReport.Create(await publication.PublishAsync(new RecordingStore(), [publication.Plan("linux-x64", layers: ["x"])], Token), Naming).ToUtf8Bytes());
        var changed = old.Length > 0 ? text[..text.IndexOf(old, StringComparison.Ordinal)] + @new + text[(text.IndexOf(old, StringComparison.Ordinal) + old.Length)..] : "";

        var error = Assert.ThrowsExactly<FormatException>(() => ImageReport.Parse(Encoding.UTF8.GetBytes(changed)));

        Assert.Contains(says, error.Message);
        Assert.DoesNotContain("\n", error.Message);
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

        Assert.AreEqual("oci:base", ImageReport.Create(report, Naming).Platforms.Single().Base!.Name);
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public async Task It_is_what_its_schema_says(bool singleManifest)
    {
        using var publication = new Publication { Asking = request => request with { SingleManifest = singleManifest } };
        var report = await publication.PublishAsync(new RecordingStore(), [publication.Plan("linux-x64", layers: ["x"])], Token);
        using var document = JsonDocument.Parse(ImageReport.Create(report, singleManifest ? Naming with { Project = null, Registry = null, Repository = null, Names = [] } : Naming).ToUtf8Bytes());
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
                  "title": {{title}},
                  "transfer": "uploaded"
                }
        """;
}
