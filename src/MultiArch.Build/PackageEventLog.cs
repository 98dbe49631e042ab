using System.Collections.Concurrent;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;
using MultiArch.Debian;
using MultiArch.Debian.Archive;
using MultiArch.Debian.Lock;
using MultiArch.Oci;

namespace MultiArch.Build;

/// <summary>Puts what happens with packages into the build's log.</summary>
internal sealed class PackageEventLog(TaskLoggingHelper log, IBuildEngine engine) : IProgress<PackageEvent>, IProgress<ArchiveEvent>
{
    private readonly ConcurrentDictionary<string, bool> _waitedFor = new(StringComparer.Ordinal);

    public void Report(PackageEvent value)
    {
        switch (value)
        {
            case PackageEvent.Resolving(var runtimeIdentifier, var sources):
                log.LogMessage(MessageImportance.High, "  Looking up packages for {0} in {1}", runtimeIdentifier, string.Join(", ", sources));
                break;
            case PackageEvent.Resolved(var runtimeIdentifier, var platform, var leftOut, var older, var drift):
                if (drift is not null)
                {
                    log.LogMessage(MessageImportance.High, "  Locking {0} anew: {1}", runtimeIdentifier, drift);
                }

                log.LogMessage(MessageImportance.High, "  Packages for {0}: {1}, {2}{3}", runtimeIdentifier, platform.Packages.Count, ByteSize.Format(SizeOf(platform)), Without(leftOut));
                foreach (var package in older)
                {
                    log.LogMessage(MessageImportance.High, "    {0} {1} and not {2}: {3}", package.Package.Name, package.Package.Version, package.Newer, package.Why);
                }

                List(platform);
                break;
            case PackageEvent.Locked(var runtimeIdentifier, var platform):
                log.LogMessage(MessageImportance.Normal, "  Packages for {0}: {1}, {2}, as locked", runtimeIdentifier, platform.Packages.Count, ByteSize.Format(SizeOf(platform)));
                List(platform);
                break;
            case PackageEvent.SourceLeftOut(var source):
                // No warning: machines have such sources for good reasons. If a package is missing for it, the error says so.
                log.LogMessage(MessageImportance.Normal, "{0}: {1}", DiagnosticCodes.SourceLeftOut, source);
                break;
            case PackageEvent.Warning(var code, var message):
                log.WarningOrEnd(engine, code, message);
                break;
        }
    }

    public void Report(ArchiveEvent value)
    {
        switch (value)
        {
            case ArchiveEvent.Retrying(var host, var what, var reason, var delay):
                // All that is asked of a host fails for one reason, and a person needs to be told once what the build waits for.
                log.LogMessage(_waitedFor.TryAdd(host, true) ? MessageImportance.High : MessageImportance.Low, "  {0}: {1} Trying again in {2:0.#} s", what, reason, delay.TotalSeconds);
                break;
            case ArchiveEvent.Fetched(var what, var bytes):
                log.LogMessage(MessageImportance.Low, "Fetched {0}, {1}", what, ByteSize.Format(bytes));
                break;
        }
    }

    private void List(LockedPlatform platform)
    {
        foreach (var package in platform.Packages)
        {
            log.LogMessage(MessageImportance.Low, "    {0} {1} ({2}), {3}", package.Name, package.Version, package.Architecture, ByteSize.Format(package.Size));
        }
    }

    private static long SizeOf(LockedPlatform platform) => platform.Packages.Sum(package => package.Size);

    private static string Without(IReadOnlyList<string> leftOut) => leftOut.Count > 0 ? $"; without {string.Join(", ", leftOut)}" : "";
}
