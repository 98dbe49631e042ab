using MultiArch.Oci.Formats;
using MultiArch.Oci.Storage;

namespace MultiArch.Oci.Publishing;

/// <summary>Counts the bytes on their way to the destination, and tells of them every few seconds for as long as it takes.</summary>
internal sealed class TransferMeter : IAsyncDisposable
{
    /// <summary>A push that is over before says nothing.</summary>
    internal static readonly TimeSpan Period = TimeSpan.FromSeconds(5);

    private readonly TimeProvider _time;
    private readonly IProgress<PublishEvent> _progress;
    private readonly ITimer _timer;
    private long _done;
    private long _total;
    private long _doneBefore;
    private long _toldAt;

    public TransferMeter(TimeProvider time, IProgress<PublishEvent> progress)
    {
        _time = time;
        _progress = progress;
        _toldAt = time.GetTimestamp();
        _timer = time.CreateTimer(_ => Tell(), null, Period, Period);
    }

    /// <summary>A blob that will be sent unless the destination has it.</summary>
    public Transfer Expect(Descriptor blob)
    {
        Interlocked.Add(ref _total, blob.Size);
        return new Transfer(this, blob);
    }

    /// <summary>Nothing is told any more when this has returned.</summary>
    public ValueTask DisposeAsync() => _timer.DisposeAsync();

    private void Tell()
    {
        var done = Interlocked.Read(ref _done);
        var total = Interlocked.Read(ref _total);
        var now = _time.GetTimestamp();
        var seconds = _time.GetElapsedTime(_toldAt, now).TotalSeconds;
        var rate = seconds > 0 ? Math.Max(0, done - _doneBefore) / seconds : 0;
        (_doneBefore, _toldAt) = (done, now);
        if (done < total)
        {
            _progress.Report(new PublishEvent.Transferring(done, total, rate));
        }
    }

    /// <summary>One blob on its way.</summary>
    internal sealed class Transfer(TransferMeter meter, Descriptor blob)
    {
        private long _sent;

        /// <summary>Counts an attempt, from its start.</summary>
        public Stream Count(Stream content)
        {
            Interlocked.Add(ref meter._done, -Interlocked.Exchange(ref _sent, 0));
            return new CountingStream(content, read =>
            {
                Interlocked.Add(ref _sent, read);
                Interlocked.Add(ref meter._done, read);
            });
        }

        /// <summary>What was not sent need not be.</summary>
        public void End() => Interlocked.Add(ref meter._total, Interlocked.Read(ref _sent) - blob.Size);
    }
}
