namespace MultiArch.Debian.Archive;

/// <summary>What happens while archives are asked.</summary>
public abstract record ArchiveEvent
{
    private ArchiveEvent()
    {
    }

    /// <param name="Host">That is waited for, with its port.</param>
    /// <param name="What">Such as <c>the package libc6 2.36-9</c>.</param>
    /// <param name="Reason">A sentence.</param>
    public sealed record Retrying(string Host, string What, string Reason, TimeSpan Delay) : ArchiveEvent;

    /// <param name="Bytes">That were received.</param>
    public sealed record Fetched(string What, long Bytes) : ArchiveEvent;
}
