namespace MultiArch.Oci.Registry.Transport;

/// <summary>Cancels what has made no progress for a while, or what the caller cancels.</summary>
internal sealed class IdleLimit : IDisposable
{
    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _source;
    private bool _disposed;

    public IdleLimit(TimeSpan duration, CancellationToken cancellationToken)
    {
        Duration = duration;
        _source = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _source.CancelAfter(duration);
    }

    public TimeSpan Duration { get; }

    public CancellationToken Token => _source.Token;

    public bool IsExceeded => _source.IsCancellationRequested;

    /// <summary>Tells of progress; a body may still do so when its request is over.</summary>
    public void Restart() => CancelAfter(Duration);

    /// <summary>Until the next progress, somebody else is waited for, who has a limit of his own.</summary>
    public void Pause() => CancelAfter(Timeout.InfiniteTimeSpan);

    private void CancelAfter(TimeSpan time)
    {
        lock (_lock)
        {
            if (!_disposed)
            {
                _source.CancelAfter(time);
            }
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            _source.Dispose();
        }
    }
}
