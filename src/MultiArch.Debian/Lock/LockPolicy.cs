using MultiArch.Oci;

namespace MultiArch.Debian.Lock;

/// <summary>How far a publish follows a lock.</summary>
public enum LockMode
{
    /// <summary>What is locked for the same wishes is taken; anything else is resolved and locked.</summary>
    Follow,

    /// <summary>What is not locked for the same wishes is an error.</summary>
    Locked,

    /// <summary>Everything is resolved and locked anew.</summary>
    Update,
}

/// <summary>Decides whether a platform is taken from a lock.</summary>
/// <param name="lockFile">Null when there is none.</param>
/// <param name="path">Of the lock, for messages.</param>
public sealed class LockPolicy(LockFile? lockFile, string path, LockMode mode)
{
    /// <param name="drift">Why the lock is not followed though it has the platform, as the end of a sentence; null otherwise.</param>
    /// <returns>Null when the platform has to be resolved.</returns>
    /// <exception cref="MultiArchException"><see cref="DiagnosticCodes.NotLocked"/>, in locked mode.</exception>
    public LockedPlatform? Find(PackagePlan plan, out string? drift)
    {
        drift = null;
        if (mode is LockMode.Update)
        {
            return null;
        }

        var locked = lockFile?.Platforms.GetValueOrDefault(plan.RuntimeIdentifier);
        drift = locked is not null ? LockDrift.Find(plan, locked) : null;
        if (mode is LockMode.Locked && (locked is null || drift is not null))
        {
            var why = lockFile is null ? "there is no such file" : locked is null ? "it does not have the platform" : drift;
            throw new MultiArchException(
                DiagnosticCodes.NotLocked,
                $"MultiArchLockedMode is set, and '{path}' does not answer for {plan.RuntimeIdentifier}: {why}. Run 'dotnet build -t:UpdateMultiArchLock' and commit the file.");
        }

        return drift is null ? locked : null;
    }

    /// <summary>Whether what was resolved is written down: a project that only adds a certificate has asked for no lock.</summary>
    public bool Keeps(PackagePlan plan) => mode is LockMode.Update || lockFile is not null || plan.Requests.Count > 0;
}
