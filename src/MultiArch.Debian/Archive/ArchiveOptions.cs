using System.Net;

namespace MultiArch.Debian.Archive;

/// <summary>How archives are asked.</summary>
public sealed record ArchiveOptions
{
    public required TimeProvider Time { get; init; }

    /// <summary>Null: that of the machine. This machine itself is asked without one.</summary>
    public IWebProxy? Proxy { get; init; }

    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long an archive may send nothing.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Of one file, the first included.</summary>
    public int Attempts { get; init; } = 4;

    /// <summary>Before the second attempt; twice as long before each further one.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromSeconds(0.5);

    /// <summary>Told from several threads.</summary>
    public IProgress<ArchiveEvent>? Progress { get; init; }
}
