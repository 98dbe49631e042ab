using MultiArch.Oci.Formats;
using MultiArch.Oci.Publishing;
using MultiArch.Oci.Publishing.Combining;
using MultiArch.Oci.Storage;
using MultiArch.Oci.Tests.Storage;

namespace MultiArch.Oci.Tests.Publishing.Combining;

/// <summary>Images that exist become one index.</summary>
[TestClass]
public sealed class ImageCombinerTests
{
    private const string App = "r.io/app";

    public required TestContext TestContext { get; init; }

    private CancellationToken Token => TestContext.CancellationToken;

    [TestMethod]
    public async Task Parts_become_the_index_of_one_publish()
    {
        using var publication = new Publication { Asking = request => request with { IndexAnnotations = new Dictionary<string, string> { ["team"] = "blue", ["a"] = "b" } } };
        var plans = new[] { publication.Plan("linux-x64", layers: ["x"]), publication.Plan("linux-arm64", layers: ["arm"]) };
        var whole = await publication.PublishAsync(new RecordingStore(), plans, Token);
        var asking = publication.Asking;
        publication.Asking = request => asking(request) with { SingleManifest = true, PushByDigest = true };
        var combination = new Combination();
        var parts = new List<CombineSource>();
        foreach (var plan in plans.Reverse())
        {
            var report = await publication.PublishAsync(combination.Destination, [plan], Token);
            parts.Add(Combination.Source(App, report.Target, ImageReport.Create(report, new("web", App, "r.io", "app", []))));
        }

        var names = CombineNames.Of(parts, "", "", [], new Dictionary<string, string>());
        combination.Asking = request => request with { Tags = names.Tags, IndexAnnotations = names.IndexAnnotations };
        var combined = await combination.CombineAsync(Token, parts);

        Assert.AreEqual(whole.Index!.Digest, combined.Index!.Digest);
        CollectionAssert.AreEqual(whole.Tags.ToArray(), combined.Tags.ToArray());
        var (expected, actual) = (ImageReport.Create(whole, new("web", App, "r.io", "app", [])), ImageReport.Create(combined, new(names.Project, App, "r.io", "app", [])));
        Assert.IsTrue(expected.IsOfSameImageAs(actual), "image.json too, with bases, titles and RuntimeIdentifiers.");
        Assert.AreEqual(0, combined.BytesSent);
    }

    [TestMethod]
    public async Task Images_elsewhere_are_copied_and_the_tag_moves_last()
    {
        var combination = new Combination();
        var near = await combination.WriteAsync("r.io/other", Platform.LinuxAmd64, "shared", "x");
        var far = await combination.WriteAsync("far.io/app", Platform.LinuxArm64, "shared", "arm");

        var report = await combination.CombineAsync(Token, near, far);

        var writes = combination.Destination.Writes;
        Assert.AreEqual("tag 1.0", writes[^1]);
        Assert.AreEqual($"manifest {report.Target.Digest}", writes[^2]);
        Assert.HasCount(5, writes.Where(write => write.StartsWith("blob ", StringComparison.Ordinal)).ToList(), "Two configs and three layers, each once.");
        Assert.AreEqual("r.io/other", combination.Destination.MountFrom[StoredImage.Blob("x").Digest]!.Name);
        Assert.IsNull(combination.Destination.MountFrom[StoredImage.Blob("arm").Digest]);
        Assert.IsEmpty(await combination.Destination.FindMissingAsync(report.Target, Token));
        Assert.AreEqual("linux/amd64 linux/arm64", string.Join(' ', report.Images.Select(image => image.Platform)));
    }

    [TestMethod]
    public async Task An_index_is_taken_apart_and_its_attestations_stay_with_their_images()
    {
        var combination = new Combination();
        var store = combination.Open("far.io/app");
        var image = await StoredImage.WriteAsync(store, Platform.LinuxArm64, "arm");
        var other = await StoredImage.WriteAsync(store, new("s390x", "linux"), "s390x");
        var index = await StoredImage.WriteIndexAsync(
            store,
            image.Describe() with { Platform = Platform.LinuxArm64 },
            other.Describe(),
            await AttestationAsync(store, image.Digest, "provenance"),
            await AttestationAsync(store, Digest.Of([1]), "of another"),
            (await StoredImage.WriteAsync(store, new("unknown", "unknown"), "loose")).Describe() with { Platform = new("unknown", "unknown") });
        var amd64 = await combination.WriteAsync(App, Platform.LinuxAmd64, "x");

        var report = await combination.CombineAsync(Token, Combination.Source("far.io/app", index), amd64);

        var entries = ImageIndex.Parse(report.Index!.Bytes.Span).Manifests;
        Assert.AreEqual("linux/amd64 linux/arm64 linux/s390x unknown/unknown", string.Join(' ', entries.Select(entry => entry.Platform)), "One without a platform in its index has that of its config.");
        Assert.AreEqual(image.Digest.ToString(), entries[3].Annotations!["vnd.docker.reference.digest"]);
        Assert.HasCount(3, report.Images, "An attestation is no platform.");
        Assert.IsEmpty(await combination.Destination.FindMissingAsync(report.Target, Token));
    }

    [TestMethod]
    public async Task What_is_combined_already_is_neither_written_nor_tagged_again()
    {
        var combination = new Combination();
        var parts = new[] { await combination.WriteAsync(App, Platform.LinuxAmd64, "x"), await combination.WriteAsync(App, Platform.LinuxArm64, "arm") };
        await combination.CombineAsync(Token, parts);
        var written = combination.Destination.Writes.Count;

        await combination.CombineAsync(Token, parts);

        Assert.AreEqual(written, combination.Destination.Writes.Count);
        Assert.HasCount(1, combination.Events.OfType<PublishEvent.Unchanged>().ToList());
    }

    [TestMethod]
    public async Task Platforms_that_the_tag_loses_are_told_before_anything_is_written()
    {
        var combination = new Combination();
        var amd64 = await combination.WriteAsync(App, Platform.LinuxAmd64, "x");
        await combination.CombineAsync(Token, amd64, await combination.WriteAsync(App, Platform.LinuxArm64, "arm"));
        Assert.IsEmpty(combination.Events.OfType<PublishEvent.PlatformsLost>());

        await combination.CombineAsync(Token, amd64);

        var events = combination.Events.SkipWhile(happened => happened is not PublishEvent.PlatformsLost).ToList();
        var lost = (PublishEvent.PlatformsLost)events[0];
        Assert.AreEqual("1.0: linux/arm64", $"{lost.Tag}: {string.Join(", ", lost.Lost)}");
        Assert.Contains(happened => happened is PublishEvent.ManifestWritten, events);
    }

    [TestMethod]
    public async Task By_digest_no_tag_moves()
    {
        var combination = new Combination { Asking = request => request with { PushByDigest = true } };

        var report = await combination.CombineAsync(Token, await combination.WriteAsync(App, Platform.LinuxAmd64, "x"));

        Assert.IsNull(await combination.Destination.FindManifestAsync("1.0", Token));
        Assert.IsNotNull(await combination.Destination.FindManifestAsync(report.Index!.Digest.ToString(), Token));
        Assert.IsEmpty(report.Tags);
        Assert.AreEqual("1.0", report.TagsIntended.Single());
    }

    [TestMethod]
    public async Task An_append_replaces_a_platform_with_its_attestations_and_keeps_the_others_and_the_annotations()
    {
        var combination = new Combination();
        var store = combination.Destination;
        var amd64 = await StoredImage.WriteAsync(store, Platform.LinuxAmd64, "x");
        var arm64 = await StoredImage.WriteAsync(store, Platform.LinuxArm64, "arm");
        var index = new ImageIndex(
            MediaTypes.OciIndex,
            [
                amd64.Describe() with { Platform = Platform.LinuxAmd64 },
                arm64.Describe() with { Platform = Platform.LinuxArm64 },
                await AttestationAsync(store, amd64.Digest, "amd64"),
                await AttestationAsync(store, arm64.Digest, "arm64"),
            ],
            new Dictionary<string, string> { ["team"] = "blue" }).ToDocument();
        await store.WriteManifestAsync(index, Token);
        await store.TagAsync(index, ["1.0"], Token);
        combination.Asking = request => request with { Append = true, RequiredPlatforms = [Platform.LinuxAmd64, Platform.LinuxArm64] };

        var report = await combination.CombineAsync(Token, await combination.WriteAsync(App, Platform.LinuxArm64, "new arm"));

        var appended = ImageIndex.Parse(report.Index!.Bytes.Span);
        Assert.AreEqual("linux/amd64 linux/arm64 unknown/unknown", string.Join(' ', appended.Manifests.Select(entry => entry.Platform)));
        Assert.AreEqual(amd64.Digest, appended.Manifests[0].Digest);
        Assert.AreNotEqual(arm64.Digest, appended.Manifests[1].Digest);
        Assert.AreEqual(amd64.Digest.ToString(), appended.Manifests[2].Annotations!["vnd.docker.reference.digest"]);
        Assert.AreEqual("blue", appended.Annotations!["team"]);
        Assert.AreEqual(report.Index.Digest, (await store.FindManifestAsync("1.0", Token))!.Digest);
    }

    [TestMethod]
    public async Task An_append_to_several_tags_takes_each_by_itself_and_reports_the_first()
    {
        var combination = new Combination { Asking = request => request with { Append = true, Tags = ["1.0", "latest", "1"] } };
        var amd64 = await combination.WriteAsync(App, Platform.LinuxAmd64, "x");
        await combination.Destination.TagAsync((await combination.Destination.FindManifestAsync(amd64.Image.Reference, Token))!, ["latest"], Token);

        var report = await combination.CombineAsync(Token, await combination.WriteAsync(App, Platform.LinuxArm64, "arm"));

        CollectionAssert.AreEqual(new[] { "1.0", "1" }, report.Tags.ToArray());
        Assert.HasCount(1, report.Images);
        var latest = ImageIndex.Parse((await combination.Destination.FindManifestAsync("latest", Token))!.Bytes.Span);
        Assert.AreEqual("linux/amd64 linux/arm64", string.Join(' ', latest.Manifests.Select(entry => entry.Platform)), "A plain image is a platform too.");
    }

    [TestMethod]
    public async Task An_append_that_fails_at_a_later_tag_says_which_have_moved()
    {
        var combination = new Combination
        {
            Destination = new RecordingStore
            {
                Repository = ImageReference.Parse(App),
                KnowsTags = true,
                BeforeWrite = write => _ = write == "tag latest" ? throw new MultiArchException(DiagnosticCodes.RegistryDenied, "Denied.") : 0,
            },
            Asking = request => request with { Append = true, Tags = ["1.0", "latest"] },
        };

        var e = await Assert.ThrowsExactlyAsync<MultiArchException>(async () =>
            await combination.CombineAsync(Token, await combination.WriteAsync(App, Platform.LinuxArm64, "arm")));

        Assert.AreEqual(DiagnosticCodes.TagsMovedInPart, e.Code);
        Assert.AreEqual(
            $"Denied. These tags of {App} have the platforms already: 1.0 ({(await combination.Destination.FindManifestAsync("1.0", Token))!.Digest}). Append again to move the rest.",
            e.Message);
    }

    [TestMethod]
    public async Task An_append_to_a_tag_that_never_rests_gives_up_after_five_times_and_names_what_the_tag_names()
    {
        var moves = 0;
        Combination combination = null!;
        combination = new Combination
        {
            Destination = new RecordingStore { Repository = ImageReference.Parse(App), KnowsTags = true, BeforeReadBack = _ => MoveTag() },
            Asking = request => request with { Append = true },
        };
        var arm64 = await combination.WriteAsync(App, Platform.LinuxArm64, "arm");

        var e = await Assert.ThrowsExactlyAsync<MultiArchException>(() => combination.CombineAsync(Token, arm64));

        Assert.AreEqual(DiagnosticCodes.AppendLost, e.Code);
        Assert.AreEqual(5, moves);
        Assert.Contains($"{App}:1.0 names {(await combination.Destination.FindManifestAsync("1.0", Token))!.Digest}", e.Message);
        Assert.HasCount(4, combination.Events.OfType<PublishEvent.TagMoved>().ToList());

        void MoveTag()
        {
            moves++;
            var manifest = StoredImage.WriteAsync(combination.Destination, Platform.LinuxAmd64, $"move {moves}").GetAwaiter().GetResult();
            combination.Destination.TagAsync(manifest, ["1.0"], Token);
        }
    }

    internal static async Task<Descriptor> AttestationAsync(IImageStore store, Digest subject, string text)
    {
        var unknown = new Platform("unknown", "unknown");
        return (await StoredImage.WriteAsync(store, unknown, text)).Describe() with
        {
            Platform = unknown,
            Annotations = new Dictionary<string, string> { ["vnd.docker.reference.digest"] = subject.ToString(), ["vnd.docker.reference.type"] = "attestation-manifest" },
        };
    }
}
