using MultiArch.Oci.Registry.Hosts;
using MultiArch.Oci.Registry.Transport;

namespace MultiArch.Oci.Registry.Authentication;

/// <summary>Decides whether credentials go where a registry wants them checked; asked before any is looked for.</summary>
/// <remarks>
/// Without these rules any host that is named as a registry gets at credentials that are for others, and at the network of the machine that
/// builds. What a name stands for is looked at when it is connected to, as with every host that a registry sends us to.
/// </remarks>
internal static class Realm
{
    // Token services of another registrable domain whose registries are their makers' own.
    private static readonly (string Registry, string TokenService)[] Known = [("redhat.io", "redhat.com")];

    // Second levels under which anybody registers: co.uk, com.au.
    private static readonly string[] SharedSecondLevels = ["ac", "co", "com", "edu", "gov", "net", "org"];

    /// <param name="request">The refused one, which went to the registry itself.</param>
    /// <param name="realm">As the challenge has it; null when it has none.</param>
    /// <exception cref="RegistryException">
    /// <see cref="DiagnosticCodes.NotARegistry"/>: it is no address.
    /// <see cref="DiagnosticCodes.RegistryUntrusted"/>: it is one where we do not go.
    /// </exception>
    public static Uri Resolve(RegistryRequest request, string? realm)
    {
        var isAbsolute = realm is not null
            && (realm.StartsWith("https:", StringComparison.OrdinalIgnoreCase) || realm.StartsWith("http:", StringComparison.OrdinalIgnoreCase));
        if (string.IsNullOrWhiteSpace(realm) || !Uri.TryCreate(request.Uri, realm, out var uri) || !AddressScopes.IsHost(uri))
        {
            throw new RegistryException(
                DiagnosticCodes.NotARegistry,
                $"{request.Host}, asked to {request.Action}, wants a token and does not say from where. "
                    + $"Tell the registry's operator, or correct {request.Address.RegistrySetting}.",
                Retry.Never);
        }

        var refusal = Refusal(request, uri);
        if (refusal is null && !isAbsolute && !request.Address.IsOrigin(uri))
        {
            refusal = "which is neither a whole address nor the registry's own";
        }

        return refusal is null ? uri : throw new RegistryException(
            DiagnosticCodes.RegistryUntrusted,
            $"{request.Host}, asked to {request.Action}, has credentials checked at {AddressScopes.Shown(uri)}, {refusal}, and we did not go there. "
                + "Let the registry's operator correct its address for tokens (the 'realm').",
            Retry.Never);
    }

    /// <summary>Whether a token service has nothing that shows it to be its registry's: credentials that go there deserve a word.</summary>
    public static bool IsForeign(Uri registry, Uri realm)
    {
        var (ours, theirs) = (Host(registry), Host(realm));
        if (ours == theirs || (AddressScopes.IsLoopback(registry) && AddressScopes.IsLoopback(realm)))
        {
            return false;
        }

        var (domain, otherDomain) = (RegistrableDomain(ours), RegistrableDomain(theirs));
        return domain != otherDomain && !Known.Contains((domain, otherDomain));
    }

    /// <returns>What is wrong with the address, to follow its host; null when nothing is.</returns>
    private static string? Refusal(RegistryRequest request, Uri realm)
    {
        if (realm.Scheme != Uri.UriSchemeHttps && realm.Scheme != Uri.UriSchemeHttp)
        {
            return "which is no address of the web";
        }

        if (realm.UserInfo.Length > 0)
        {
            return "an address with a user in it";
        }

        if (realm.Scheme == Uri.UriSchemeHttp
            && (request.Uri.Scheme != Uri.UriSchemeHttp || (request.Address.IsLocal && !AddressScopes.IsLoopback(realm))))
        {
            return "over http";
        }

        // A registry in the same place was named by the user; the machine's own link is nobody's place.
        var scope = AddressScopes.OfName(realm) ?? AddressScope.Public;
        var isNamedByUser = Host(realm) == Host(request.Uri)
            || (scope == request.Address.NamedScope && (scope is AddressScope.Private || (request.Address.IsLocal && AddressScopes.IsLoopback(realm))));
        return scope is AddressScope.Public || isNamedByUser ? null
            : scope is AddressScope.Machine ? "an address of this machine"
            : "an address of a private network";
    }

    private static string Host(Uri uri) => uri.IdnHost.TrimEnd('.').ToLowerInvariant();

    /// <summary>The part of a name that somebody registered, by rule of thumb: the whole list of public suffixes is not worth a warning.</summary>
    private static string RegistrableDomain(string host)
    {
        var labels = host.Split('.');
        var count = labels is [.., var second, { Length: 2 }] && SharedSecondLevels.Contains(second) ? 3 : 2;
        return Uri.CheckHostName(host) is UriHostNameType.Dns && labels.Length > count ? string.Join('.', labels[^count..]) : host;
    }
}
