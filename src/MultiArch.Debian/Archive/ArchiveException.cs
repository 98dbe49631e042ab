using MultiArch.Oci;

namespace MultiArch.Debian.Archive;

/// <summary>A failure to get a file from an archive.</summary>
/// <param name="reason">A sentence.</param>
/// <param name="next">A sentence.</param>
internal sealed class ArchiveException(string code, string reason, string next, Exception? cause = null) : MultiArchException(code, $"{reason} {next}", cause)
{
    public string Reason => reason;

    /// <summary>Whether another attempt may go better.</summary>
    public bool IsWorthRetrying { get; init; }

    /// <summary>Whether no connection was made at all.</summary>
    public bool IsNobodyThere { get; init; }

    /// <summary>How long the archive wants to be left alone.</summary>
    public TimeSpan? RetryAfter { get; init; }

    public ArchiveException After(int attempts) => attempts == 1 ? this : new(Code, $"{reason} It was tried {attempts} times.", next, this);
}
