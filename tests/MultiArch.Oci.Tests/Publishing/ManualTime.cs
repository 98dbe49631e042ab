namespace MultiArch.Oci.Tests.Publishing;

/// <summary>A clock that a test moves: its timers run when it is moved, on the test's thread.</summary>
internal sealed class ManualTime : TimeProvider
{
    private readonly Lock _lock = new();
    private readonly List<Timer> _timers = [];
    private long _ticks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>How many timers are running.</summary>
    public int Running
    {
        get
        {
            lock (_lock)
            {
                return _timers.Count;
            }
        }
    }

    public override long GetTimestamp() => Interlocked.Read(ref _ticks);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        Assert.AreEqual(dueTime, period);
        var timer = new Timer(this, () => callback(state), period, GetTimestamp() + dueTime.Ticks);
        lock (_lock)
        {
            _timers.Add(timer);
        }

        return timer;
    }

    public void Advance(TimeSpan time)
    {
        for (var end = GetTimestamp() + time.Ticks; GetTimestamp() < end;)
        {
            List<Timer> due;
            lock (_lock)
            {
                Interlocked.Exchange(ref _ticks, Math.Min(end, _timers.Select(timer => timer.Due).DefaultIfEmpty(end).Min()));
                due = [.. _timers.Where(timer => timer.Due <= _ticks)];
            }

            due.ForEach(timer => timer.Run());
        }
    }

    private sealed class Timer(ManualTime time, Action callback, TimeSpan period, long due) : ITimer
    {
        public long Due { get; private set; } = due;

        public void Run()
        {
            Due += period.Ticks;
            callback();
        }

        public bool Change(TimeSpan dueTime, TimeSpan period) => throw new NotSupportedException();

        public void Dispose()
        {
            lock (time._lock)
            {
                time._timers.Remove(this);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
