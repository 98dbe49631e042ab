using MultiArch.Oci.Publishing;

namespace MultiArch.Oci.Tests.Publishing;

/// <summary>One schedule for all platforms: what is packed is sent while the next is packed, and a long push says how it goes.</summary>
[TestClass]
public sealed class OverlappingWorkTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    public required TestContext TestContext { get; init; }

    private CancellationToken Token => TestContext.CancellationToken;

    [TestMethod]
    public async Task A_layer_is_sent_while_others_are_yet_to_be_packed()
    {
        using var publication = new Publication();
        using var sent = new ManualResetEventSlim();
        var destination = new RecordingStore { BeforeWrite = _ => sent.Set() };
        var packed = 0;
        publication.OnEvent = happened =>
        {
            // The last of them is not done before one of the others is on its way.
            if (happened is PublishEvent.LayerPacked && Interlocked.Increment(ref packed) == 3)
            {
                Assert.IsTrue(sent.Wait(Patience), "Nothing was sent while a layer was being packed.");
            }
        };

        await publication.PublishAsync(destination, [publication.Plan("linux-x64", "scratch", "a", "b", "c")], Token);

        Assert.AreEqual(3, packed);
    }

    [TestMethod]
    public async Task The_layers_of_a_base_are_sent_while_ours_are_packed()
    {
        using var publication = new Publication();
        using var sent = new ManualResetEventSlim();
        var destination = new RecordingStore { BeforeWrite = _ => sent.Set() };
        publication.OnEvent = happened =>
        {
            if (happened is PublishEvent.LayerPacking)
            {
                Assert.IsTrue(sent.Wait(Patience), "Nothing of the base was sent.");
            }
        };

        await publication.PublishAsync(destination, [publication.Plan("linux-x64", layers: ["x"])], Token);
    }

    [TestMethod]
    public async Task A_layer_that_cannot_be_packed_leaves_another_one_without_a_name()
    {
        using var publication = new Publication();
        using var sent = new ManualResetEventSlim();
        var destination = new RecordingStore { BeforeWrite = _ => sent.Set() };
        var plan = publication.Plan("linux-x64", "scratch", "a", "b", "c");
        var file = plan.Layers[2].Files[0].Source!;
        publication.OnEvent = happened =>
        {
            if (happened is PublishEvent.LayerPacking { Title: "layer 2" })
            {
                Assert.IsTrue(sent.Wait(Patience));
                File.WriteAllText(file, "changed");
            }
        };

        var error = await Assert.ThrowsExactlyAsync<MultiArchException>(() => publication.PublishAsync(destination, [plan], Token));

        Assert.AreEqual(DiagnosticCodes.FileChanged, error.Code);
        Assert.IsTrue(destination.Writes.All(write => write.StartsWith("blob ", StringComparison.Ordinal)), "No manifest, no tag.");
        Assert.IsFalse(Directory.Exists(publication.WorkFolder));
    }

    [TestMethod]
    public async Task A_push_that_takes_its_time_tells_how_it_goes_and_stops_telling_at_its_end()
    {
        var time = new ManualTime();
        using var publication = new Publication { Time = time };
        var destination = new RecordingStore();
        publication.OnEvent = happened =>
        {
            if (happened is PublishEvent.BlobSending)
            {
                time.Advance(TimeSpan.FromSeconds(5));
            }
        };

        await publication.PublishAsync(destination, [publication.Plan("linux-x64", layers: ["x"])], Token);

        var told = publication.Events.OfType<PublishEvent.Transferring>().ToList();
        Assert.IsNotEmpty(told);
        Assert.IsTrue(told.All(told => told.Done < told.Total));
        Assert.AreEqual(0, time.Running);
    }
}
