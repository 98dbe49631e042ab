using System.Collections.Concurrent;
using System.Net;
using MultiArch.Oci.Registry.Authentication;
using MultiArch.Oci.Registry.Hosts;
using MultiArch.Oci.Registry.Transport.Retries;

namespace MultiArch.Oci.Registry.Transport;

/// <summary>The connections of one publish, shared by the clients of all its registries; every request goes through here.</summary>
public sealed class RegistryTransport : IDisposable
{
    private const int MaxRedirects = 5;

    // nginx and others in front of a registry answer 413 or 401 while a large body is on its way, and the answer is lost with the
    // connection. Asking first costs a round trip, so a small body goes at once.
    private const int AskBeforeSending = 1024 * 1024;

    private readonly HostRestraint _restraint;
    private readonly Authenticator _authenticator;
    private readonly NetworkBoundary _boundary;
    private readonly HostConnections _connections;
    private readonly HostSchemes _schemes = new();
    private readonly FirstContact _firstContact;
    private readonly WarningHeaders _warnings;
    private readonly ConcurrentDictionary<string, Version> _answered = new(StringComparer.OrdinalIgnoreCase); // And by which version of HTTP.
    private readonly ConcurrentDictionary<string, bool> _upgraded = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<string, HostTraits> _traits = new(StringComparer.OrdinalIgnoreCase);

    public RegistryTransport(RegistryOptions? options = null)
    {
        Options = options ?? new RegistryOptions();
        Retries = new RetrySchedule(Options);
        _restraint = new HostRestraint(Options.Time);
        _boundary = new NetworkBoundary(Options.Network);
        _connections = new HostConnections(Options, _boundary);
        _warnings = new WarningHeaders(Options.Progress);
        _firstContact = new FirstContact(_schemes, ExchangeAsync);
        _authenticator = new Authenticator(Options, SendOnceAsync);
    }

    internal RegistryOptions Options { get; }

    /// <summary>Those that failed, and are not asked again.</summary>
    internal ConcurrentDictionary<RegistryMirror, bool> UnusableMirrors { get; } = new();

    /// <summary>Around each operation of a client; what is sent here is sent once.</summary>
    internal RetrySchedule Retries { get; }

    /// <summary>What one request has shown of a host, so that the next does not have to find it out again.</summary>
    internal HostTraits TraitsOf(RepositoryAddress address) => _traits.GetOrAdd(address.Registry, _ => new HostTraits());

    public void Dispose()
    {
        _authenticator.Dispose();
        _connections.Dispose();
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

                request = NextHop.Follow(response.Request, response.Location);
                if (HostSchemes.IsOnlySecured(response.Request, request))
                {
                    _schemes.Secure(request);
                }
            }
        }
    }

    /// <summary>307 and 308 are followed with method and body; the older ones leave open what becomes of them, so only by what changes nothing.</summary>
    private static bool IsFollowed(RegistryResponse response) =>
        response.IsRedirect
            && (response.Request.IsSafe || response.Status is HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect);

    private async Task<RegistryResponse> SendOnceAsync(RegistryRequest request, AuthorizationHeader? authorization, CancellationToken cancellationToken)
    {
        request = _schemes.Apply(request);
        _boundary.Check(request);
        await _restraint.WaitAsync(request.Uri, cancellationToken);
        return _schemes.IsOpen(request) ? await _firstContact.SendAsync(request, authorization, cancellationToken) : await ExchangeAsync(request, authorization, cancellationToken);
    }

    private async Task<RegistryResponse> ExchangeAsync(RegistryRequest request, AuthorizationHeader? authorization, CancellationToken cancellationToken)
    {
        var invoker = _connections.To(request);
        using var idle = new IdleLimit(Options.IdleTimeout, cancellationToken);
        using var content = request.Body is null ? null : new UploadContent(request.Body, request.Address, idle);
        using var message = RequestMessage.Create(request, authorization, content);
        message.Headers.ExpectContinue = IsAskedFirst(request);
        message.Options.Set(NetworkBoundary.Request, request);
        try
        {
            var response = Receive(await invoker.SendAsync(message, idle.Token), request, authorization);
            if (response.Status is HttpStatusCode.MisdirectedRequest)
            {
                _connections.Leave(request, invoker);
            }

            return response;
        }
        catch (Exception e) when (ConnectionFailure.IsOne(e) || e is MultiArchException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw content?.SourceFailure ?? ConnectionFailure.Describe(e, request, idle, isFirstContact: !_answered.ContainsKey(request.Uri.Authority));
        }
    }

    private RegistryResponse Receive(HttpResponseMessage message, RegistryRequest request, AuthorizationHeader? authorization)
    {
        _answered[request.Uri.Authority] = message.Version;
        var response = new RegistryResponse(message, request, Options.IdleTimeout)
        {
            Authorization = authorization,
            RetryAfter = RetryAfter.Read(message, Options.Time),
        };
        if (response is { Status: HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable, RetryAfter: { } after } && after <= Options.Retries.Budget)
        {
            _restraint.Keep(request.Uri, after);
        }

        if (request.Address.IsOrigin(request.Uri))
        {
            _warnings.Report(message, request.Address.Registry, authorization);
        }

        if (response.Location is { } location && NextHop.IsUpgraded(request.Uri, location) && _upgraded.TryAdd(request.Uri.Authority, true))
        {
            Options.Progress?.Report(new RegistryEvent.LocationUpgraded(request.Uri.Authority));
        }

        return response;
    }

    /// <summary>
    /// Whether the server is asked whether it wants the body. By HTTP/2 it can refuse in the middle of it without the answer being lost, and
    /// nginx never answers the question there, so that every body would wait for a second.
    /// </summary>
    private bool IsAskedFirst(RegistryRequest request) =>
        request.Body?.Content.Size >= AskBeforeSending && !(_answered.TryGetValue(request.Uri.Authority, out var version) && version >= HttpVersion.Version20);
}
