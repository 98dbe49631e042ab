namespace MultiArch.Oci.Publishing;

/// <summary>Where the time of a publish went, compilation apart, which comes before.</summary>
/// <param name="Preparing">Reading bases and files, and finding out what is known of them.</param>
/// <param name="Sending">Packing layers, and bringing them and the configurations to the destination.</param>
/// <param name="Completing">Manifests, reading back, tags.</param>
public sealed record PublishTimes(DateTimeOffset StartedAt, TimeSpan Preparing, TimeSpan Sending, TimeSpan Completing)
{
    public TimeSpan Total => Preparing + Sending + Completing;
}

/// <summary>Takes the times of a publish as it goes; each phase begins where the one before ends.</summary>
internal sealed class PublishClock(TimeProvider time)
{
    private readonly DateTimeOffset _startedAt = time.GetUtcNow();
    private long _phaseBegan = time.GetTimestamp();
    private TimeSpan _preparing;
    private TimeSpan _sending;

    public void EndPreparing() => _preparing = EndPhase();

    public void EndSending() => _sending = EndPhase();

    /// <summary>Of a publish that ends now, in whichever phase it is.</summary>
    public PublishTimes Stop() => new(_startedAt, _preparing, _sending, EndPhase());

    private TimeSpan EndPhase()
    {
        var now = time.GetTimestamp();
        var elapsed = time.GetElapsedTime(_phaseBegan, now);
        _phaseBegan = now;
        return elapsed;
    }
}
