namespace MultiArch.Debian;

/// <summary>What happens while packages become layers, for whoever shows it.</summary>
public abstract record PackageEvent
{
    private PackageEvent()
    {
    }

    /// <summary>A platform's packages are looked up in these sources.</summary>
    public sealed record Resolving(string RuntimeIdentifier, IReadOnlyList<string> Sources) : PackageEvent;

    /// <param name="Drift">Why the lock was not followed though it has the platform; null if it does not.</param>
    /// <param name="LeftOut">Packages that are excluded, and would have come along.</param>
    /// <param name="Older">Packages that are older than what the sources have.</param>
    public sealed record Resolved(
        string RuntimeIdentifier, Lock.LockedPlatform Platform, IReadOnlyList<string> LeftOut, IReadOnlyList<Resolver.OlderPackage> Older, string? Drift) : PackageEvent;

    /// <summary>A platform's packages are those of the lock.</summary>
    public sealed record Locked(string RuntimeIdentifier, Lock.LockedPlatform Platform) : PackageEvent;

    /// <summary>A source of the base or of this machine is not asked.</summary>
    public sealed record SourceLeftOut(Sources.SkippedSource Source) : PackageEvent;

    /// <summary>Something that a person should look at.</summary>
    /// <param name="Code">One of <see cref="Oci.DiagnosticCodes"/>.</param>
    /// <param name="Message">One line.</param>
    public sealed record Warning(string Code, string Message) : PackageEvent;
}
