using System.Net;

namespace MultiArch.Oci.Registry.Transport;

/// <summary>The connections of one publish, shared by the clients of all its registries; every request goes through here.</summary>
public sealed class RegistryTransport(RegistryOptions? options = null) : IDisposable
{
    private readonly RegistryOptions _options = options ?? new RegistryOptions();

    private const int MaxRedirects = 5;

    // nginx and others in front of a registry answer 413 or 401 while a large body is on its way, and the answer is lost with the
    // connection. Asking first costs a round trip, so a small body goes at once.
    private const int AskBeforeSending = 1024 * 1024;

    private static readonly string UserAgent = $"MultiArch.Build/{typeof(RegistryTransport).Assembly.GetName().Version?.ToString(3)}";

    private readonly HttpMessageInvoker _invoker = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        ActivityHeadersPropagator = null,
        ConnectTimeout = TimeSpan.FromSeconds(15),
        EnableMultipleHttp2Connections = true, // A registry may allow few streams on one.
        Proxy = new ProxyForOthers(HttpClient.DefaultProxy),
        UseCookies = false,
    });

    public void Dispose() => _invoker.Dispose();

    /// <summary>Sends a request, follows the redirects of a safe one, and returns the answer, whatever it says.</summary>
    /// <exception cref="MultiArchException">No answer came.</exception>
    internal async Task<RegistryResponse> SendAsync(RegistryRequest request, CancellationToken cancellationToken)
    {
        for (var redirects = 0; ; redirects++)
        {
            var response = await SendOnceAsync(request, cancellationToken);
            if (!response.IsRedirect || !request.IsSafe)
            {
                return response;
            }

            using (response)
            {
                if (redirects == MaxRedirects)
                {
                    throw new MultiArchException(
                        DiagnosticCodes.NotARegistry,
                        $"{request.Host}, asked to {request.Action}, redirected us more than {MaxRedirects} times. "
                            + "Tell the registry's operator.");
                }

                request = request with { Uri = NextHop.Resolve(request, response.Location) };
            }
        }
    }

    private async Task<RegistryResponse> SendOnceAsync(RegistryRequest request, CancellationToken cancellationToken)
    {
        using var idle = new IdleLimit(_options.IdleTimeout, cancellationToken);
        using var content = request.Body is null ? null : new UploadContent(request.Body, request.Address, idle.Restart);
        using var message = CreateMessage(request, content);
        try
        {
            return new RegistryResponse(await _invoker.SendAsync(message, idle.Token), request, _options.IdleTimeout);
        }
        catch (Exception e) when (ConnectionFailure.IsOne(e) || e is MultiArchException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw content?.SourceFailure ?? ConnectionFailure.Describe(e, request, idle);
        }
    }

    private static HttpRequestMessage CreateMessage(RegistryRequest request, UploadContent? content)
    {
        // HTTP/2 where TLS negotiates it: many requests share a connection then. Without TLS this means HTTP/1.1. "Or higher" would try QUIC.
        var message = new HttpRequestMessage(request.Method, request.Uri)
        {
            Content = content,
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
        };
        message.Headers.TryAddWithoutValidation("User-Agent", UserAgent);
        if (request.Accept.Count > 0)
        {
            message.Headers.TryAddWithoutValidation("Accept", request.Accept);
        }

        if (request.Body?.Content.Size >= AskBeforeSending)
        {
            message.Headers.ExpectContinue = true;
        }

        return message;
    }
}
