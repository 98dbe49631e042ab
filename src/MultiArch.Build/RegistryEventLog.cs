using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;
using MultiArch.Oci;
using MultiArch.Oci.Registry;

namespace MultiArch.Build;

/// <summary>Puts what happens on the way to registries into the build's log, as <see cref="EventLog"/> does with the publish.</summary>
internal sealed class RegistryEventLog(TaskLoggingHelper log) : IProgress<RegistryEvent>
{
    public void Report(RegistryEvent value)
    {
        switch (value)
        {
            case RegistryEvent.Retrying(var host, var reason, var delay, var attempt, var maxAttempts):
                // Loud: who looks at a build that stands still wants to know what it waits for.
                log.LogMessage(
                    MessageImportance.High, "{0}: {1} Trying again in {2:0.0} s ({3} of {4}).", host, reason, delay.TotalSeconds, attempt, maxAttempts);
                break;
            case RegistryEvent.Warning(var host, var text):
                log.Notice(DiagnosticCodes.RegistryWarns, $"{host} says: {text}");
                break;
            case RegistryEvent.LocationUpgraded(var host):
                log.Notice(
                    DiagnosticCodes.LocationUpgraded,
                    $"{host} was asked by https and sent us on to http at the same host; https was spoken. Let the proxy in front of the registry set X-Forwarded-Proto.");
                break;
            case RegistryEvent.MirrorUnusable(var mirror, var registry, var reason):
                log.Notice(
                    DiagnosticCodes.MirrorUnusable,
                    $"The mirror {mirror} of {registry} is not asked again, and {registry} is in its place: {reason}");
                break;
        }
    }
}
