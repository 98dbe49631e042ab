using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using MultiArch.Oci.Registry.Transport;

namespace MultiArch.Oci.Registry.Hosts;

/// <summary>
/// The connections to each host, with what is trusted there and who we say we are. Each registry has its own, also to hosts that it sends us
/// to: what one may lead to and how we are known there is not for another one.
/// </summary>
internal sealed class HostConnections(RegistryOptions options, NetworkBoundary boundary) : IDisposable
{
    private readonly ConcurrentDictionary<(string Origin, string Registry, bool IsToRegistry), Lazy<HttpMessageInvoker>> _current = new();
    private readonly ConcurrentBag<HttpMessageInvoker> _left = [];

    /// <exception cref="MultiArchException"><see cref="DiagnosticCodes.InvalidCertificate"/>.</exception>
    public HttpMessageInvoker To(RegistryRequest request) => _current.GetOrAdd(Key(request), _ => new(() => Open(request))).Value;

    /// <summary>Lets no further request use the connections that there are; those under way go on.</summary>
    public void Leave(RegistryRequest request, HttpMessageInvoker used)
    {
        var key = Key(request);
        if (_current.TryGetValue(key, out var current) && current.Value == used && _current.TryRemove(KeyValuePair.Create(key, current)))
        {
            _left.Add(used);
        }
    }

    public void Dispose()
    {
        foreach (var invoker in _left.Concat(_current.Values.Where(lazy => lazy.IsValueCreated).Select(lazy => lazy.Value)))
        {
            invoker.Dispose();
        }
    }

    private static (string Origin, string Registry, bool IsToRegistry) Key(RegistryRequest request) =>
        (request.Uri.GetLeftPart(UriPartial.Authority).ToLowerInvariant(), request.Address.Registry.ToLowerInvariant(), request.IsToRegistry);

    private HttpMessageInvoker Open(RegistryRequest request)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None, // A digest is that of the bytes as they are stored.
            ActivityHeadersPropagator = null,
            ConnectCallback = boundary.ConnectAsync,
            ConnectTimeout = options.ConnectTimeout,
            EnableMultipleHttp2Connections = true, // A registry may allow few streams on one.
            MaxResponseHeadersLength = 64, // KiB
            Proxy = new ProxyForOthers(options.Proxy ?? HttpClient.DefaultProxy),
            UseCookies = false,
        };
        if (request.Uri.Scheme == Uri.UriSchemeHttps)
        {
            handler.SslOptions = TlsOptions(request);
        }

        return new HttpMessageInvoker(handler);
    }

    private SslClientAuthenticationOptions TlsOptions(RegistryRequest request)
    {
        var files = CertificateFolder.Find(options.CertificateFolders, FolderNames(request));
        var trust = new CertificateTrust([.. options.CertificateAuthorities, .. files?.ReadAuthorities() ?? []]);
        var tls = new SslClientAuthenticationOptions { CertificateChainPolicy = CertificateTrust.Policy(), RemoteCertificateValidationCallback = trust.Validate };
        // A registry could have us say who we are to another one, in its place.
        if (request.IsToRegistry && files?.ReadClientCertificate() is { } client)
        {
            tls.LocalCertificateSelectionCallback = (_, _, _, _, _) => client;
        }

        return tls;
    }

    /// <summary>As docker and podman name the folder of a host: by what stands in an image's name.</summary>
    private static IEnumerable<string> FolderNames(RegistryRequest request)
    {
        if (request.Address.IsOrigin(request.Uri))
        {
            yield return request.Address.Registry;
        }

        yield return request.Uri.Authority;
        yield return $"{request.Uri.Host}:{request.Uri.Port}";
    }
}
