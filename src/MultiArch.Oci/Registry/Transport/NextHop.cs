using MultiArch.Oci.Registry.Hosts;

namespace MultiArch.Oci.Registry.Transport;

/// <summary>Follows a <c>Location</c>, of a redirect or of an upload session, only to where a registry may send its clients.</summary>
internal static class NextHop
{
    // Characters. Signed addresses have two thousand.
    private const int MaxLength = 16 * 1024;

    private static readonly UriCreationOptions Verbatim = new() { DangerousDisablePathAndQueryCanonicalization = true };

    /// <param name="location">As the header has it: absolute or relative to the request.</param>
    /// <exception cref="RegistryException">
    /// <see cref="DiagnosticCodes.NotARegistry"/>: it leads nowhere.
    /// <see cref="DiagnosticCodes.RegistryUntrusted"/>: it leads where we do not go.
    /// </exception>
    public static Uri Resolve(RegistryRequest request, string? location)
    {
        if (location is not { Length: > 0 and <= MaxLength }
            || !Uri.TryCreate(request.Uri, location, out var next)
            || !IsWeb(next)
            || !AddressScopes.IsHost(next)
            || next.UserInfo.Length > 0)
        {
            throw new RegistryException(
                DiagnosticCodes.NotARegistry,
                $"{request.Host}, asked to {request.Action}, sent us on without a usable address. "
                    + $"Correct {request.Address.RegistrySetting}, or tell the registry's operator.",
                Retry.Never);
        }

        if (IsUpgraded(request.Uri, next))
        {
            next = new Uri(request.Uri.GetLeftPart(UriPartial.Authority) + next.PathAndQuery);
        }

        if (request.Uri.Scheme == Uri.UriSchemeHttps && next.Scheme != Uri.UriSchemeHttps)
        {
            throw new RegistryException(
                DiagnosticCodes.RegistryUntrusted,
                $"{request.Host}, asked to {request.Action}, sent us from https to http at {AddressScopes.Shown(next)}, and we did not go. "
                    + "If a proxy in front of the registry ends TLS, let it set X-Forwarded-Proto.",
                Retry.Never);
        }

        if (AddressScopes.OfName(next) is AddressScope.Machine && !request.Address.IsLocal)
        {
            throw new RegistryException(
                DiagnosticCodes.RegistryUntrusted,
                $"{request.Host}, asked to {request.Action}, sent us to {AddressScopes.Shown(next)}, an address of this machine, and we did not go. "
                    + "Let the registry's operator correct its public address.",
                Retry.Never);
        }

        return WithQueryOf(location, next);
    }

    /// <summary>The request to send on, as <see cref="Resolve"/> has it.</summary>
    /// <param name="answered">The request that the <c>Location</c> is an answer to.</param>
    public static RegistryRequest Follow(RegistryRequest answered, string? location) =>
        answered with { Uri = Resolve(answered, location), IsFromElsewhere = !answered.IsToRegistry };

    /// <summary>Whether a <c>Location</c> says http where the same host was asked by https: TLS ended before the registry, which does not know it.</summary>
    public static bool IsUpgraded(Uri asked, string location) => Uri.TryCreate(asked, location, out var next) && IsUpgraded(asked, next);

    private static bool IsUpgraded(Uri asked, Uri next) =>
        asked.Scheme == Uri.UriSchemeHttps
            && next.Scheme == Uri.UriSchemeHttp
            && next.Host.Equals(asked.Host, StringComparison.OrdinalIgnoreCase)
            && (next.Port == asked.Port || (next.IsDefaultPort && asked.IsDefaultPort));

    private static bool IsWeb(Uri uri) => uri.Scheme == Uri.UriSchemeHttps || uri.Scheme == Uri.UriSchemeHttp;

    /// <summary>Puts back the query as it was written: Uri unescapes %7E and the like, and a signature may cover the spelling.</summary>
    private static Uri WithQueryOf(string location, Uri resolved)
    {
        var end = location.IndexOf('#') is >= 0 and var fragment ? fragment : location.Length;
        var start = location.AsSpan(0, end).IndexOf('?');
        return start < 0 || location.AsSpan(start, end - start).ContainsAnyExceptInRange('!', '~')
            ? resolved
            : new Uri(resolved.GetLeftPart(UriPartial.Path) + location[start..end], Verbatim);
    }
}
