using System.Collections.Concurrent;
using System.Net;
using MultiArch.Oci.Registry.Authentication;
using MultiArch.Oci.Registry.Transport.Retries;

namespace MultiArch.Oci.Registry.Transport;

/// <summary>The connections of one publish, shared by the clients of all its registries; every request goes through here.</summary>
public sealed class RegistryTransport : IDisposable
{
    private const int MaxRedirects = 5;

    // nginx and others in front of a registry answer 413 or 401 while a large body is on its way, and the answer is lost with the
    // connection. Asking first costs a round trip, so a small body goes at once.
    private const int AskBeforeSending = 1024 * 1024;

    private static readonly string UserAgent = $"MultiArch.Build/{typeof(RegistryTransport).Assembly.GetName().Version?.ToString(3)}";

    private readonly RegistryOptions _options;
    private readonly HostRestraint _restraint;
    private readonly Authenticator _authenticator;
    private readonly ConcurrentDictionary<string, bool> _answered = new(StringComparer.OrdinalIgnoreCase);

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

    public RegistryTransport(RegistryOptions? options = null)
    {
        _options = options ?? new RegistryOptions();
        _restraint = new HostRestraint(_options.Time);
        _authenticator = new Authenticator(_options, SendOnceAsync);
        Retries = new RetrySchedule(_options);
    }

    /// <summary>Around each operation of a client; what is sent here is sent once.</summary>
    internal RetrySchedule Retries { get; }

    public void Dispose()
    {
        _authenticator.Dispose();
        _invoker.Dispose();
    }

    /// <summary>Sends a request, follows redirects, and returns the answer, whatever it says.</summary>
    /// <exception cref="RegistryException">No answer came, or one that leads where we do not go.</exception>
    internal async Task<RegistryResponse> SendAsync(RegistryRequest request, CancellationToken cancellationToken)
    {
        for (var redirects = 0; ; redirects++)
        {
            var response = await _authenticator.SendAsync(request, cancellationToken);
            if (!IsFollowed(response))
            {
                return response;
            }

            using (response)
            {
                if (redirects == MaxRedirects)
                {
                    throw new RegistryException(
                        DiagnosticCodes.NotARegistry,
                        $"{request.Host}, asked to {request.Action}, redirected us more than {MaxRedirects} times. "
                            + "Tell the registry's operator.",
                        Retry.Never);
                }

                request = response.Request with { Uri = NextHop.Resolve(response.Request, response.Location) };
            }
        }
    }

    /// <summary>307 and 308 are followed with method and body; the older ones leave open what becomes of them, so only by what changes nothing.</summary>
    private static bool IsFollowed(RegistryResponse response) =>
        response.IsRedirect
            && (response.Request.IsSafe || response.Status is HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect);

    private async Task<RegistryResponse> SendOnceAsync(RegistryRequest request, Authorization? authorization, CancellationToken cancellationToken)
    {
        await _restraint.WaitAsync(request.Uri, cancellationToken);
        using var idle = new IdleLimit(_options.IdleTimeout, cancellationToken);
        using var content = request.Body is null ? null : new UploadContent(request.Body, request.Address, idle.Restart);
        using var message = CreateMessage(request, authorization, content);
        try
        {
            return Receive(await _invoker.SendAsync(message, idle.Token), request, authorization);
        }
        catch (Exception e) when (ConnectionFailure.IsOne(e) || e is MultiArchException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw content?.SourceFailure ?? ConnectionFailure.Describe(e, request, idle, isFirstContact: !_answered.ContainsKey(request.Uri.Authority));
        }
    }

    private RegistryResponse Receive(HttpResponseMessage message, RegistryRequest request, Authorization? authorization)
    {
        _answered[request.Uri.Authority] = true;
        var response = new RegistryResponse(message, request, _options.IdleTimeout)
        {
            Authorization = authorization,
            RetryAfter = RetryAfter.Read(message, _options.Time),
        };
        if (response is { Status: HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable, RetryAfter: { } after } && after <= _options.Retries.Budget)
        {
            _restraint.Keep(request.Uri, after);
        }

        return response;
    }

    private static HttpRequestMessage CreateMessage(RegistryRequest request, Authorization? authorization, UploadContent? content)
    {
        // HTTP/2 where TLS negotiates it: many requests share a connection then. Without TLS this means HTTP/1.1. "Or higher" would try QUIC.
        var message = new HttpRequestMessage(request.Method, request.Uri)
        {
            Content = content,
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
        };
        message.Headers.TryAddWithoutValidation("User-Agent", UserAgent);
        if (authorization is not null)
        {
            message.Headers.TryAddWithoutValidation("Authorization", authorization.Header);
        }

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
