using System.Net;
using MultiArch.Oci;

namespace MultiArch.Debian.Archive;

/// <summary>Gets files from archives, by http, https or from a folder of this machine. Checks their size and nothing else.</summary>
public sealed class ArchiveClient : IDisposable
{
    private readonly ArchiveOptions _options;
    private readonly HttpMessageInvoker _http;

    public ArchiveClient(ArchiveOptions options)
    {
        _options = options;
        _http = new HttpMessageInvoker(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None, // A hash is that of the bytes as they are stored.
            ActivityHeadersPropagator = null,
            ConnectTimeout = options.ConnectTimeout,
            MaxConnectionsPerServer = 8,
            MaxResponseHeadersLength = 64, // KiB
            Proxy = new ProxyForOtherHosts(options.Proxy ?? HttpClient.DefaultProxy),
            UseCookies = false,
        });
    }

    internal TimeProvider Time => _options.Time;

    public void Dispose() => _http.Dispose();

    /// <summary>Gets a file; what breaks off goes on where it did, if the archive knows how.</summary>
    /// <param name="destination">Can seek; empty at first, and holds nothing of use unless the outcome is <see cref="ArchiveOutcome.Content"/>.</param>
    /// <exception cref="MultiArchException">
    /// <see cref="DiagnosticCodes.ArchiveUnreachable"/>, <see cref="DiagnosticCodes.ArchiveRefused"/>, <see cref="DiagnosticCodes.ArchiveContentMismatch"/>,
    /// <see cref="DiagnosticCodes.CannotWrite"/>.
    /// </exception>
    internal async Task<ArchiveAnswer> FetchAsync(ArchiveRequest request, Stream destination, CancellationToken cancellationToken)
    {
        if (request.Uri.IsFile)
        {
            return await LocalArchive.FetchAsync(request, destination, cancellationToken);
        }

        var download = new ArchiveDownload(_http, _options, request, destination);
        var answer = await ArchiveRetries.RunAsync(_options, request, download.TryAsync, cancellationToken);
        if (answer.Outcome is ArchiveOutcome.Content)
        {
            _options.Progress?.Report(new ArchiveEvent.Fetched(request.What, destination.Length));
        }

        return answer;
    }

    /// <summary>Set without exceptions, a proxy must not hide a mirror on this machine.</summary>
    private sealed class ProxyForOtherHosts(IWebProxy proxy) : IWebProxy
    {
        public ICredentials? Credentials { get => proxy.Credentials; set => proxy.Credentials = value; }

        public Uri? GetProxy(Uri destination) => IsBypassed(destination) ? null : proxy.GetProxy(destination);

        public bool IsBypassed(Uri host) => host.IsLoopback || proxy.IsBypassed(host);
    }
}
