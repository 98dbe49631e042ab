using System.Net;

namespace MultiArch.Oci.Registry.Transport;

/// <summary>Follows a <c>Location</c>, of a redirect or of an upload session, only to where a registry may send its clients.</summary>
internal static class NextHop
{
    private static readonly UriCreationOptions Verbatim = new() { DangerousDisablePathAndQueryCanonicalization = true };

    /// <param name="location">As the header has it: absolute or relative to the request.</param>
    /// <exception cref="RegistryException">
    /// <see cref="DiagnosticCodes.NotARegistry"/>: it leads nowhere.
    /// <see cref="DiagnosticCodes.RegistryUntrusted"/>: it leads where we do not go.
    /// </exception>
    public static Uri Resolve(RegistryRequest request, string? location)
    {
        if (string.IsNullOrEmpty(location)
            || !Uri.TryCreate(request.Uri, location, out var next)
            || !IsWeb(next)
            || next.UserInfo.Length > 0)
        {
            throw new RegistryException(
                DiagnosticCodes.NotARegistry,
                $"{request.Host}, asked to {request.Action}, sent us on without a usable address. "
                    + $"Correct {request.Address.RegistrySetting}, or tell the registry's operator.",
                Retry.Never);
        }

        if (request.Uri.Scheme == Uri.UriSchemeHttps && next.Scheme != Uri.UriSchemeHttps)
        {
            throw new RegistryException(
                DiagnosticCodes.RegistryUntrusted,
                $"{request.Host}, asked to {request.Action}, sent us from https to http at {next.Authority}, and we did not go. "
                    + "If a proxy in front of the registry ends TLS, let it set X-Forwarded-Proto.",
                Retry.Never);
        }

        if (IsThisMachine(next) && !request.Address.IsLocal)
        {
            throw new RegistryException(
                DiagnosticCodes.RegistryUntrusted,
                $"{request.Host}, asked to {request.Action}, sent us to {next.Authority}, an address of this machine, and we did not go. "
                    + "Let the registry's operator correct its public address.",
                Retry.Never);
        }

        return WithQueryOf(location, next);
    }

    private static bool IsWeb(Uri uri) => uri.Scheme == Uri.UriSchemeHttps || uri.Scheme == Uri.UriSchemeHttp;

    /// <summary>Loopback, or link-local, where clouds keep the machine's own credentials (169.254.169.254).</summary>
    private static bool IsThisMachine(Uri uri)
    {
        if (!IPAddress.TryParse(uri.IdnHost, out var address))
        {
            return RepositoryAddress.IsLoopback(uri);
        }

        address = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return IPAddress.IsLoopback(address)
            || address.IsIPv6LinkLocal
            || address.Equals(IPAddress.Any)
            || address.Equals(IPAddress.IPv6Any)
            || address.GetAddressBytes() is [169, 254, _, _];
    }

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
