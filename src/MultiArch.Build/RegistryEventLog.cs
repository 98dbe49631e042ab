using System.Globalization;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;
using MultiArch.Oci;
using MultiArch.Oci.Registry;

namespace MultiArch.Build;

/// <summary>Puts what happens on the way to registries into the build's log, as <see cref="EventLog"/> does with the publish.</summary>
internal sealed class RegistryEventLog(TaskLoggingHelper log, IBuildEngine engine) : IProgress<RegistryEvent>
{
    public void Report(RegistryEvent value)
    {
        switch (value)
        {
            case RegistryEvent.Retrying(_, var reason, var delay, var attempt, var maxAttempts):
                // Loud: who looks at a build that stands still wants to know what it waits for.
                var wait = delay.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture);
                log.LogMessage(MessageImportance.High, "{0} Trying again in {1} s ({2} of {3}).", reason, wait, attempt, maxAttempts);
                break;
            case RegistryEvent.Warning(var host, var text):
                log.Notice(DiagnosticCodes.RegistryWarns, $"{host} says: {text}");
                break;
            case RegistryEvent.LocationUpgraded(var host):
                log.Notice(
                    DiagnosticCodes.LocationUpgraded,
                    $"{host} was asked by https and sent us on to http at the same host; https was spoken. Let the proxy in front of the registry set X-Forwarded-Proto.");
                break;
            case RegistryEvent.CredentialSourceUnusable(var source, var reason):
                log.WarningOrEnd(
                    engine,
                    DiagnosticCodes.CredentialSourceUnusable,
                    $"No credentials are taken from {source}, and others are looked for. {reason} Correct it, or take it away.");
                break;
            case RegistryEvent.SecretIsLogged(var variable):
                log.WarningOrEnd(
                    engine,
                    DiagnosticCodes.SecretIsLogged,
                    $"The secret in {variable} stands in every diagnostic and binary log of this build, because MSBuild writes variables into them that begin with DOTNET_. "
                    + "Set MULTIARCH_REGISTRY_USER and MULTIARCH_REGISTRY_PASSWORD instead, or log in with docker or podman.");
                break;
            case RegistryEvent.ForeignTokenService(var host, var tokenService):
                log.WarningOrEnd(
                    engine,
                    DiagnosticCodes.ForeignTokenService,
                    $"{host} has credentials checked by {tokenService}, whose name does not show that it belongs to it, and yours are sent there. "
                    + "If it does belong to it, leave this out with NoWarn; if not, use another registry and change the password.");
                break;
            case RegistryEvent.MirrorUnusable(var mirror, var registry, var reason):
                log.Notice(
                    DiagnosticCodes.MirrorUnusable,
                    $"The mirror {mirror} of {registry} is not asked again, and {registry} is in its place: {reason}");
                break;
        }
    }
}
