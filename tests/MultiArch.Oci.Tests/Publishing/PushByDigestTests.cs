using MultiArch.Oci.Formats;
using MultiArch.Oci.Publishing;
using MultiArch.Oci.Tests.Storage;

namespace MultiArch.Oci.Tests.Publishing;

/// <summary>One platform alone: without a tag, or with one that others had too.</summary>
[TestClass]
public sealed class PushByDigestTests
{
    private static readonly ImageReference App = ImageReference.Parse("r.io/app");

    public required TestContext TestContext { get; init; }

    private CancellationToken Token => TestContext.CancellationToken;

    [TestMethod]
    public async Task By_digest_no_tag_moves_and_the_report_says_which_shall()
    {
        var annotations = new Dictionary<string, string> { ["team"] = "blue" };
        using var publication = new Publication { Asking = request => request with { SingleManifest = true, PushByDigest = true, IndexAnnotations = annotations } };
        var destination = new RecordingStore { Repository = App, KnowsTags = true };

        var report = await publication.PublishAsync(destination, [publication.Plan("linux-x64", layers: ["x"])], Token);

        Assert.IsFalse(destination.All.Any(call => call.StartsWith("tag ", StringComparison.Ordinal)));
        Assert.IsNotNull(await destination.FindManifestAsync(report.Target.Digest.ToString(), Token));
        var told = ImageReport.Parse(ImageReport.Create(report, new("web", "r.io/app", "r.io", "app", [])).ToUtf8Bytes());
        Assert.IsNull(told.Index);
        Assert.IsEmpty(told.Tags);
        CollectionAssert.AreEqual(new[] { "2.0", "latest" }, told.TagsIntended.ToArray());
        Assert.AreEqual("blue", told.IndexAnnotations["team"]);
        Assert.IsEmpty(publication.Events.OfType<PublishEvent.IndexAnnotationsUnused>());
        Assert.IsEmpty(publication.Events.OfType<PublishEvent.Tagged>());
    }

    [TestMethod]
    public async Task A_tag_that_had_more_platforms_is_told_before_anything_is_written()
    {
        using var publication = new Publication();
        var destination = await TaggedAsync(Platform.LinuxAmd64, Platform.LinuxArm64, new("arm", "linux", "v7"));
        var written = destination.Writes.Count;
        publication.OnEvent = happened =>
        {
            if (happened is PublishEvent.PlatformsLost)
            {
                Assert.AreEqual(written, destination.Writes.Count);
            }
        };

        await publication.PublishAsync(destination, [publication.Plan("linux-arm64", layers: ["x"])], Token);

        var lost = publication.Events.OfType<PublishEvent.PlatformsLost>().Single();
        Assert.AreEqual("latest loses linux/amd64, linux/arm/v7", $"{lost.Tag} loses {string.Join(", ", lost.Lost)}");
        Assert.AreEqual(Platform.LinuxArm64, lost.Kept.Single());
    }

    [TestMethod]
    public async Task A_tag_of_one_image_for_another_platform_loses_it()
    {
        using var publication = new Publication();
        var destination = new RecordingStore { Repository = App, KnowsTags = true };
        await destination.TagAsync(await StoredImage.WriteAsync(destination, Platform.LinuxAmd64, "layer"), ["latest"], Token);

        await publication.PublishAsync(destination, [publication.Plan("linux-arm64", layers: ["x"])], Token);

        Assert.AreEqual(Platform.LinuxAmd64, publication.Events.OfType<PublishEvent.PlatformsLost>().Single().Lost.Single());
    }

    [TestMethod]
    public async Task A_tag_that_is_absent_or_had_no_other_platform_loses_none_and_an_unchanged_one_is_not_asked()
    {
        using var publication = new Publication();
        publication.Asking = request => request with { CacheFolder = publication.Folder["cache"] };
        var destination = await TaggedAsync(Platform.LinuxArm64);
        var plan = publication.Plan("linux-arm64", layers: ["x"]);

        await publication.PublishAsync(destination, [plan], Token);
        var asked = destination.All.Count;
        await publication.PublishAsync(destination, [plan], Token);

        Assert.IsEmpty(publication.Events.OfType<PublishEvent.PlatformsLost>());
        CollectionAssert.AreEqual(new[] { "resolve 2.0", "resolve latest" }, destination.All.Skip(asked).ToArray());
    }

    /// <summary>A store whose tag <c>latest</c> names an index, with an attestation as BuildKit makes it.</summary>
    private async Task<RecordingStore> TaggedAsync(params Platform[] platforms)
    {
        var destination = new RecordingStore { Repository = App, KnowsTags = true };
        var entries = new List<Descriptor>();
        foreach (var platform in platforms.Append(new("unknown", "unknown")))
        {
            entries.Add((await StoredImage.WriteAsync(destination, platform, $"layer {platform}")).Describe() with { Platform = platform });
        }

        await destination.TagAsync(await StoredImage.WriteIndexAsync(destination, entries), ["latest"], Token);
        return destination;
    }
}
