using System.Collections.Concurrent;
using MultiArch.Oci.Registry.Transport;

namespace MultiArch.Oci.Registry.Hosts;

/// <summary>
/// Whether a host that may speak either is spoken to by https or by http. Decided by the first answer and kept: nothing that comes later
/// makes https into http.
/// </summary>
internal sealed class HostSchemes
{
    private static readonly UriCreationOptions Verbatim = new() { DangerousDisablePathAndQueryCanonicalization = true };

    private readonly ConcurrentDictionary<string, string> _decided = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The request as its host wants it, as far as that is known.</summary>
    public RegistryRequest Apply(RegistryRequest request) =>
        MayBeEither(request) && _decided.TryGetValue(request.Address.Registry, out var scheme) && scheme != request.Uri.Scheme ? Switch(request) : request;

    public bool IsOpen(RegistryRequest request) => MayBeEither(request) && !_decided.ContainsKey(request.Address.Registry);

    public void Decide(RegistryRequest request) => _decided.TryAdd(request.Address.Registry, request.Uri.Scheme);

    /// <summary>Whether a host that was asked by http has sent us to the same place by https: it wants no http, also where both have one port.</summary>
    public static bool IsOnlySecured(RegistryRequest asked, RegistryRequest next) =>
        MayBeEither(next)
            && asked.Uri.Scheme == Uri.UriSchemeHttp
            && next.Uri.Scheme == Uri.UriSchemeHttps
            && next.Uri.PathAndQuery == asked.Uri.PathAndQuery;

    /// <summary>From now on https.</summary>
    public void Secure(RegistryRequest request) => _decided[request.Address.Registry] = Uri.UriSchemeHttps;

    /// <summary>The same request by the other scheme, its query untouched.</summary>
    public static RegistryRequest Switch(RegistryRequest request)
    {
        var other = request.Uri.Scheme == Uri.UriSchemeHttps ? Uri.UriSchemeHttp : Uri.UriSchemeHttps;
        return request with { Uri = new Uri(other + request.Uri.AbsoluteUri[request.Uri.Scheme.Length..], Verbatim) };
    }

    private static bool MayBeEither(RegistryRequest request) => request.Address.AllowsHttp && request.Address.IsOrigin(request.Uri);
}
