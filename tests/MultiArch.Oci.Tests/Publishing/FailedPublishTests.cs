using MultiArch.Oci.Images;
using MultiArch.Oci.Layers;
using MultiArch.Oci.Publishing;
using MultiArch.Oci.Verification;

namespace MultiArch.Oci.Tests.Publishing;

/// <summary>Whatever goes wrong: what is written stays unnamed, and before the first byte nothing is written at all.</summary>
[TestClass]
public sealed class FailedPublishTests
{
    public required TestContext TestContext { get; init; }

    private CancellationToken Token => TestContext.CancellationToken;

    [TestMethod]
    [TestProperty("Catalogue", "77")]
    public async Task A_base_that_lacks_a_platform_stops_the_publish_before_anything_is_packed()
    {
        using var publication = new Publication();
        var destination = new RecordingStore();

        var error = await Assert.ThrowsExactlyAsync<MultiArchException>(() => publication.PublishAsync(
            destination, [publication.Plan("linux-x64", layers: ["x"]), publication.Plan("linux-s390x", layers: ["z"])], Token));

        Assert.AreEqual(DiagnosticCodes.BaseLacksPlatform, error.Code);
        Assert.IsEmpty(destination.Writes);
        Assert.IsEmpty(publication.Events.OfType<PublishEvent.LayerPacked>());
        Assert.IsFalse(Directory.Exists(publication.WorkFolder));
    }

    [TestMethod]
    public async Task A_file_that_vanished_stops_the_publish_before_anything_is_written()
    {
        using var publication = new Publication();
        var destination = new RecordingStore();
        var plan = publication.Plan("linux-arm64", layers: ["arm"]);
        File.Delete(plan.Layers[0].Files[0].Source!);

        var error = await Assert.ThrowsExactlyAsync<MultiArchException>(() => publication.PublishAsync(destination, [publication.Plan("linux-x64", layers: ["x"]), plan], Token));

        Assert.AreEqual(DiagnosticCodes.FileVanished, error.Code);
        Assert.Contains(plan.Layers[0].Files[0].Source!, error.Message);
        Assert.IsEmpty(destination.Writes);
    }

    [TestMethod]
    [DataRow(false, DiagnosticCodes.FileChanged)]
    [DataRow(true, DiagnosticCodes.FileVanished)]
    public async Task A_file_that_changes_or_goes_after_it_was_read_stops_the_publish_before_anything_is_written(bool goes, string code)
    {
        using var publication = new Publication();
        var destination = new RecordingStore();
        publication.Asking = request => request with { Verify = VerificationPolicy.Warn };
        var plan = publication.Plan("linux-x64", "scratch", "before", "more");
        var dll = publication.Folder.Write("app.dll", "before");
        plan = plan with { Layers = [new("dll", [new("app/app.dll", dll)])] };

        // The event comes when files have been read and nothing is packed yet.
        publication.OnEvent = happened =>
        {
            if (happened is PublishEvent.Verified && goes)
            {
                File.Delete(dll);
            }
            else if (happened is PublishEvent.Verified)
            {
                File.WriteAllText(dll, "after");
            }
        };

        var error = await Assert.ThrowsExactlyAsync<MultiArchException>(() => publication.PublishAsync(destination, [plan], Token));

        Assert.AreEqual(code, error.Code);
        Assert.Contains(dll, error.Message);
        Assert.IsEmpty(destination.Writes);
        Assert.IsFalse(Directory.Exists(publication.WorkFolder));
    }

    [TestMethod]
    public async Task A_program_that_goes_after_it_was_read_is_named()
    {
        using var publication = new Publication();
        var plan = publication.Plan("linux-x64", "scratch", "#!/bin/sh and more than any header has");
        var recipe = await LayerRecipe.ReadAsync(plan.Layers[0], Token);
        var platform = new PlatformImage(plan, Platform.LinuxAmd64, BaseImage.Scratch(Platform.LinuxAmd64), null, [recipe]);
        File.Delete(plan.Layers[0].Files[0].Source!);

        var error = await Assert.ThrowsExactlyAsync<MultiArchException>(() => new HeaderReader().ReadAsync(platform, Token));

        Assert.AreEqual(DiagnosticCodes.FileVanished, error.Code);
        Assert.Contains(plan.Layers[0].Files[0].Source!, error.Message);
    }

    [TestMethod]
    public async Task Two_RuntimeIdentifiers_of_one_platform_stop_the_publish_before_anything_is_written()
    {
        using var publication = new Publication();
        var destination = new RecordingStore();

        var error = await Assert.ThrowsExactlyAsync<MultiArchException>(() => publication.PublishAsync(
            destination, [publication.Plan("linux-x64", layers: ["x"]), publication.Plan("linux-musl-x64", layers: ["y"])], Token));

        Assert.AreEqual(DiagnosticCodes.PlatformNamedTwice, error.Code);
        Assert.IsEmpty(destination.Writes);
        Assert.IsFalse(Directory.Exists(publication.WorkFolder));
    }

    [TestMethod]
    [DataRow(1, 0, 0)]
    [DataRow(5, 0, 0)]
    [DataRow(8, 1, 0)]
    [DataRow(9, 2, 0)]
    [DataRow(10, 3, 0)]
    [TestProperty("Catalogue", "54")]
    public async Task A_write_that_fails_leaves_no_tag(int failing, int manifests, int tags)
    {
        using var publication = new Publication();
        var count = 0;
        var destination = new RecordingStore
        {
            BeforeWrite = _ =>
            {
                if (Interlocked.Increment(ref count) == failing)
                {
                    throw new MultiArchException(DiagnosticCodes.RegistryFailed, "no");
                }
            },
        };

        // Three layers of the base, two of ours, two configs; then two manifests, the index and the tags.
        var error = await Assert.ThrowsExactlyAsync<MultiArchException>(() => publication.PublishAsync(
            destination, [publication.Plan("linux-x64", layers: ["x"]), publication.Plan("linux-arm64", layers: ["y"])], Token));

        Assert.AreEqual(DiagnosticCodes.RegistryFailed, error.Code);
        Assert.HasCount(Math.Max(0, manifests - 1), destination.Writes.Where(write => write.StartsWith("manifest ", StringComparison.Ordinal)));
        Assert.HasCount(tags, destination.Writes.Where(write => write.StartsWith("tag ", StringComparison.Ordinal)));
        Assert.IsFalse(Directory.Exists(publication.WorkFolder));
    }

    [TestMethod]
    [DataRow("blob ")]
    [DataRow("manifest ")]
    [TestProperty("Catalogue", "55")]
    public async Task A_cancelled_publish_ends_as_cancelled_and_leaves_no_tag(string kind)
    {
        using var publication = new Publication();
        using var cancellation = new CancellationTokenSource();
        var destination = new RecordingStore
        {
            BeforeWrite = write =>
            {
                if (write.StartsWith(kind, StringComparison.Ordinal))
                {
                    cancellation.Cancel();
                    cancellation.Token.ThrowIfCancellationRequested();
                }
            },
        };

        await Assert.ThrowsAsync<OperationCanceledException>(() => publication.PublishAsync(destination, [publication.Plan("linux-x64", layers: ["x"])], cancellation.Token));

        Assert.IsEmpty(destination.Writes.Where(write => write.StartsWith("tag ", StringComparison.Ordinal)));
        Assert.IsFalse(Directory.Exists(publication.WorkFolder));
    }

    [TestMethod]
    public async Task A_publish_cancelled_before_it_begins_writes_nothing()
    {
        using var publication = new Publication();
        var destination = new RecordingStore();

        await Assert.ThrowsAsync<OperationCanceledException>(() => publication.PublishAsync(
            destination, [publication.Plan("linux-x64", layers: ["x"])], new CancellationToken(canceled: true)));

        Assert.IsEmpty(destination.Writes);
    }
}
