using MultiArch.Oci.Publishing;
using MultiArch.Oci.Storage;

namespace MultiArch.Oci.Tests.Publishing;

/// <summary>Between the last manifest and the first tag: what is looked at, and what is done when something is gone.</summary>
[TestClass]
public sealed class ReadBackTests
{
    public required TestContext TestContext { get; init; }

    private CancellationToken Token => TestContext.CancellationToken;

    [TestMethod]
    public async Task An_image_is_read_back_after_its_index_and_before_its_tags()
    {
        using var publication = new Publication();
        var destination = new RecordingStore { Repository = Name };

        var report = await PublishAsync(publication, destination);

        var last = destination.All.SkipWhile(call => call != $"manifest {report.Target.Digest}").ToList();
        CollectionAssert.AreEqual(
            new[] { $"manifest {report.Target.Digest}", $"read back {report.Target.Digest}", "tag 2.0", "tag latest" },
            last.Where(call => !call.StartsWith("resolve ", StringComparison.Ordinal)).ToArray());
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(1)]
    [DataRow(2)]
    [TestProperty("Catalogue", "49")]
    public async Task A_registry_that_loses_everything_before_a_manifest_gets_everything_again(int manifest)
    {
        using var publication = new Publication();
        var seen = 0;
        RecordingStore? destination = null;
        destination = new RecordingStore
        {
            Repository = Name,
            RefusesDangling = true,
            BeforeWrite = write =>
            {
                if (write.StartsWith("manifest ", StringComparison.Ordinal) && seen++ == manifest)
                {
                    destination!.LoseAll();
                }
            },
        };

        var report = await PublishAsync(publication, destination);

        Assert.IsEmpty(await destination.FindMissingAsync(report.Target, Token));
        Assert.IsNotEmpty(publication.Events.OfType<PublishEvent.Restoring>());
        Assert.IsFalse(Directory.Exists(publication.WorkFolder), "What was packed again is gone again.");
    }

    [TestMethod]
    [TestProperty("Catalogue", "49")]
    public async Task What_is_gone_when_the_image_is_read_back_is_sent_again_layers_that_had_been_held_too()
    {
        using var publication = new Publication { };
        publication.Asking = request => request with { CacheFolder = publication.Folder["cache"] };
        await PublishAsync(publication, new RecordingStore());
        RecordingStore? destination = null;
        destination = new RecordingStore
        {
            Repository = Name,
            BeforeReadBack = time =>
            {
                if (time == 1)
                {
                    destination!.LoseAll();
                }
            },
        };

        var report = await PublishAsync(publication, destination);

        Assert.IsEmpty(await destination.FindMissingAsync(report.Target, Token));
        CollectionAssert.AreEqual(new[] { "tag 2.0", "tag latest" }, destination.Writes.Where(write => write.StartsWith("tag ", StringComparison.Ordinal)).ToArray());
        Assert.IsTrue(
            report.Images.SelectMany(image => image.Layers).All(layer => layer.Write is BlobWrite.Uploaded), "Those that were held at the start were sent after all.");
    }

    [TestMethod]
    [TestProperty("Catalogue", "49")]
    public async Task A_registry_that_keeps_nothing_is_told_and_gets_no_tag()
    {
        using var publication = new Publication();
        RecordingStore? destination = null;
        destination = new RecordingStore { Repository = Name, BeforeReadBack = _ => destination!.LoseAll() };

        var error = await Assert.ThrowsExactlyAsync<MultiArchException>(() => PublishAsync(publication, destination));

        Assert.AreEqual(DiagnosticCodes.NotStored, error.Code);
        Assert.IsFalse(destination.Writes.Any(write => write.StartsWith("tag ", StringComparison.Ordinal)));
        Assert.IsEmpty(publication.Events.OfType<PublishEvent.Interrupted>(), "Nobody knows what is still there.");
    }

    [TestMethod]
    public async Task What_the_tags_turn_out_to_name_is_not_read_back()
    {
        using var publication = new Publication();
        var destination = new RecordingStore { Repository = Name, KnowsTags = true };
        await PublishAsync(publication, destination);
        var before = destination.All.Count;

        // Without a cache, only packing tells what the layers are.
        await PublishAsync(publication, destination);

        Assert.IsFalse(destination.All.Skip(before).Any(call => call.StartsWith("read back ", StringComparison.Ordinal) || call.StartsWith("manifest ", StringComparison.Ordinal)));
        Assert.HasCount(1, publication.Events.OfType<PublishEvent.Unchanged>());
    }

    [TestMethod]
    [TestProperty("Catalogue", "54")]
    public async Task A_publish_that_fails_tells_what_it_leaves_in_the_registry()
    {
        using var publication = new Publication();
        var destination = new RecordingStore
        {
            Repository = Name,
            BeforeWrite = write =>
            {
                if (write.StartsWith("manifest ", StringComparison.Ordinal))
                {
                    throw new MultiArchException(DiagnosticCodes.RegistryFailed, "no");
                }
            },
        };

        await Assert.ThrowsExactlyAsync<MultiArchException>(() => PublishAsync(publication, destination));

        Assert.HasCount(7, publication.Events.OfType<PublishEvent.Interrupted>().Single().Stored);
    }

    private static ImageReference Name => new("r.io", "app");

    private Task<PublishReport> PublishAsync(Publication publication, IImageStore destination) => publication.PublishAsync(
        destination, [publication.Plan("linux-x64", layers: ["x"]), publication.Plan("linux-arm64", layers: ["y"])], Token);
}
