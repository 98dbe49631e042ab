using System.Collections.Concurrent;

namespace MultiArch.Oci.Registry.Transport.Retries;

/// <summary>Leaves a host alone for as long as it asked for: whoever of this process wants something of it waits.</summary>
internal sealed class HostRestraint(TimeProvider time)
{
    private readonly ConcurrentDictionary<string, Hold> _holds = new(StringComparer.OrdinalIgnoreCase);

    public void Keep(Uri uri, TimeSpan duration) => _holds[uri.Authority] = new Hold(time.GetTimestamp(), duration);

    public async Task WaitAsync(Uri uri, CancellationToken cancellationToken)
    {
        while (_holds.TryGetValue(uri.Authority, out var hold) && hold.Duration - time.GetElapsedTime(hold.Since) is var left && left > TimeSpan.Zero)
        {
            await Task.Delay(left, time, cancellationToken);
        }
    }

    private readonly record struct Hold(long Since, TimeSpan Duration);
}
