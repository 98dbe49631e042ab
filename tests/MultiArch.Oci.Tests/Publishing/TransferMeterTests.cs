using MultiArch.Oci.Formats;
using MultiArch.Oci.Publishing;

namespace MultiArch.Oci.Tests.Publishing;

/// <summary>What is told of a push that takes its time.</summary>
[TestClass]
public sealed class TransferMeterTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly ManualTime _time = new();
    private readonly Recorder _told = new();

    [TestMethod]
    public async Task Every_five_seconds_it_tells_bytes_done_total_and_rate()
    {
        await using var meter = new TransferMeter(_time, _told);
        var transfer = meter.Expect(Blob(1000));
        using var content = transfer.Count(new MemoryStream(new byte[1000]));
        content.ReadExactly(new byte[200]);

        _time.Advance(4 * Second);
        Assert.IsEmpty(_told.Events, "A push that is over by now says nothing.");
        _time.Advance(Second);
        content.ReadExactly(new byte[100]);
        _time.Advance(5 * Second);
        _time.Advance(5 * Second);

        CollectionAssert.AreEqual(
            new[] { new PublishEvent.Transferring(200, 1000, 40), new(300, 1000, 20), new(300, 1000, 0) },
            _told.Events.ToArray());
    }

    [TestMethod]
    public async Task What_the_destination_has_counts_for_nothing_and_what_is_sent_stays_counted()
    {
        await using var meter = new TransferMeter(_time, _told);
        var held = meter.Expect(Blob(5000));
        var sent = meter.Expect(Blob(100));
        var sending = meter.Expect(Blob(50));
        held.End();
        using (var content = sent.Count(new MemoryStream(new byte[100])))
        {
            content.CopyTo(Stream.Null);
        }

        sent.End();
        using var rest = sending.Count(new MemoryStream(new byte[50]));
        rest.ReadExactly(new byte[10]);

        _time.Advance(5 * Second);

        Assert.AreEqual(new PublishEvent.Transferring(110, 150, 22), _told.Events.Single());
    }

    [TestMethod]
    public async Task An_attempt_begins_at_nothing()
    {
        await using var meter = new TransferMeter(_time, _told);
        var transfer = meter.Expect(Blob(1000));
        using (var broken = transfer.Count(new MemoryStream(new byte[1000])))
        {
            broken.ReadExactly(new byte[900]);
        }

        using var again = transfer.Count(new MemoryStream(new byte[1000]));
        again.ReadExactly(new byte[50]);
        _time.Advance(5 * Second);

        Assert.AreEqual(new PublishEvent.Transferring(50, 1000, 10), _told.Events.Single());
    }

    [TestMethod]
    public async Task Nothing_is_told_once_all_is_sent_or_the_push_is_over()
    {
        await using (var meter = new TransferMeter(_time, _told))
        {
            using var content = meter.Expect(Blob(10)).Count(new MemoryStream(new byte[10]));
            content.CopyTo(Stream.Null);
            _time.Advance(5 * Second);
            meter.Expect(Blob(10));
        }

        Assert.AreEqual(0, _time.Running);
        _time.Advance(5 * Second);
        Assert.IsEmpty(_told.Events);
    }

    private static Descriptor Blob(long size) => new(MediaTypes.OciLayerGzip, Digest.Of([]), size);

    private sealed class Recorder : IProgress<PublishEvent>
    {
        public List<PublishEvent> Events { get; } = [];

        public void Report(PublishEvent value) => Events.Add(value);
    }
}
