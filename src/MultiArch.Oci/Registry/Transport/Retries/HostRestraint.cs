using System.Collections.Concurrent;

namespace MultiArch.Oci.Registry.Transport.Retries;

/// <summary>Leaves a host alone for as long as it asked for: whoever of this process wants something of it waits.</summary>
internal sealed class HostRestraint(TimeProvider time)
{
    private readonly ConcurrentDictionary<string, Hold> _holds = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Of two requests that it refused at the same time, the one that asks for more counts.</summary>
    public void Keep(Uri uri, TimeSpan duration)
    {
        var hold = new Hold(time.GetTimestamp(), duration);
        _holds.AddOrUpdate(uri.Authority, hold, (_, held) => Left(held) > duration ? held : hold);
    }

    public async Task WaitAsync(Uri uri, CancellationToken cancellationToken)
    {
        while (_holds.TryGetValue(uri.Authority, out var hold) && Left(hold) is var left && left > TimeSpan.Zero)
        {
            await Task.Delay(left, time, cancellationToken);
        }
    }

    private TimeSpan Left(Hold hold) => hold.Duration - time.GetElapsedTime(hold.Since);

    private readonly record struct Hold(long Since, TimeSpan Duration);
}
