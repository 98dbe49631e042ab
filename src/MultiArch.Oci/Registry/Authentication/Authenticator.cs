using System.Collections.Concurrent;
using System.Net;
using MultiArch.Oci.Registry.Transport;

namespace MultiArch.Oci.Registry.Authentication;

/// <summary>Tells registries who asks, and only them: what goes elsewhere, by a redirect or an upload's address, says nothing of it.</summary>
/// <remarks>https://github.com/distribution/distribution/blob/v3.0.0/docs/content/spec/auth/token.md#how-to-authenticate</remarks>
internal sealed class Authenticator : IDisposable
{
    private readonly SendOnce _send;
    private readonly Identification _identification;
    private readonly CredentialTrials _trials = new();

    // A registry is asked as anybody until it says how it wants to be asked.
    private readonly ConcurrentDictionary<string, Invitation> _invitations = new(StringComparer.OrdinalIgnoreCase);

    // What a registry wants for scopes that it finds too narrow.
    private readonly ConcurrentDictionary<(string Registry, string Scopes), AccessScopes> _widened = new();

    public Authenticator(RegistryOptions options, SendOnce send)
    {
        _send = send;
        _identification = new Identification(options, send, _trials);
    }

    /// <summary>Sends a request, and answers what the registry asks: at most once with a new token, and once with wider scopes.</summary>
    /// <returns>The answer; a 401 among them is final.</returns>
    /// <exception cref="RegistryException">No token can be had, or it would be asked for where we do not go.</exception>
    public async Task<RegistryResponse> SendAsync(RegistryRequest request, CancellationToken cancellationToken)
    {
        if (!request.IsToRegistry)
        {
            return await _send(request, null, cancellationToken);
        }

        var authorization = _invitations.TryGetValue(request.Address.Registry, out var known) ? await AuthorizeAsync(request, known, cancellationToken) : null;
        var round = new Round();
        while (true)
        {
            var response = await ShowAsync(request, authorization, cancellationToken);
            try
            {
                var next = response.Status is HttpStatusCode.Unauthorized && Challenge.Preferred(ChallengeParser.Parse(response.Challenges)) is { } asked
                    ? await AnswerAsync(request, new Invitation(asked, response.Request.Uri), authorization, round, cancellationToken)
                    : null;
                if (next is null)
                {
                    Remember(request, response, authorization, round);
                    return response;
                }

                authorization = next;
            }
            catch
            {
                response.Dispose();
                throw;
            }

            response.Dispose();
        }
    }

    public void Dispose()
    {
        _identification.Dispose();
        _trials.Dispose();
    }

    /// <summary>Sends a request; a password with it only where it was not refused too often.</summary>
    private Task<RegistryResponse> ShowAsync(RegistryRequest request, AuthorizationHeader? authorization, CancellationToken cancellationToken)
    {
        if (authorization is not { Token: null, Credential: { } credential })
        {
            return _send(request, authorization, cancellationToken);
        }

        var (trial, scopes) = (_trials.Of(request.Address, credential), AccessScopes.Of(request));
        // Nobody waits for a body: it may come from this registry, and wait for the same credential.
        return trial.ShowAsync(scopes, isAlone: request.Body is null, SendAsync, () => AuthenticationFailure.OfRefusedBefore(request, credential, trial.IsTaken), cancellationToken);

        async Task<RegistryResponse> SendAsync()
        {
            var response = await _send(request, authorization, cancellationToken);
            if (response.Status is HttpStatusCode.Unauthorized)
            {
                trial.Refuse(scopes);
            }
            else if (response.Status is not (HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError))
            {
                trial.Take();
            }

            return response;
        }
    }

    /// <returns>Null when there is nothing better to say than what was refused.</returns>
    private async Task<AuthorizationHeader?> AnswerAsync(
        RegistryRequest request, Invitation invitation, AuthorizationHeader? refused, Round round, CancellationToken cancellationToken)
    {
        var challenge = invitation.Challenge;
        _invitations[request.Address.Registry] = invitation;
        if (refused is not null && challenge.IsBearer && !round.IsWidened
            && refused.Scopes is { } scopes && scopes.Widen(challenge["scope"], request.Access) is var wider && wider.Key != scopes.Key)
        {
            round.IsWidened = true;
            return await AuthorizeAsync(request, invitation, wider, refused: null, cancellationToken);
        }

        var isFinal = round.IsRenewed
            // Such a token is a good one, and the next would give as little.
            || (challenge.IsInsufficientScope && refused?.Scopes?.Key == ScopesOf(request).Key);
        if (isFinal)
        {
            return null;
        }

        // A new token that is refused is not renewed; another password may have been put in the place of one that is.
        round.IsRenewed = refused is not null || challenge.IsBearer;
        return challenge.IsBearer
            // For the scopes of the token that was refused: one for others may be here, and be as old.
            ? await AuthorizeAsync(request, invitation, refused?.Scopes ?? ScopesOf(request), refused?.Token, cancellationToken)
            : await _identification.FindPasswordAsync(request, refused is { Token: null } ? refused.Credential : null, cancellationToken);
    }

    /// <summary>A registry that wanted wider scopes once will want them again.</summary>
    private void Remember(RegistryRequest request, RegistryResponse response, AuthorizationHeader? authorization, Round round)
    {
        if (round.IsWidened && response.Status is not HttpStatusCode.Unauthorized && authorization?.Scopes is { } scopes)
        {
            _widened[(request.Address.Registry, AccessScopes.Of(request).Key)] = scopes;
        }
    }

    private async Task<AuthorizationHeader?> AuthorizeAsync(RegistryRequest request, Invitation invitation, CancellationToken cancellationToken) =>
        invitation.Challenge.IsBearer
            ? await AuthorizeAsync(request, invitation, ScopesOf(request), refused: null, cancellationToken)
            : await _identification.FindPasswordAsync(request, refused: null, cancellationToken);

    private async Task<AuthorizationHeader> AuthorizeAsync(
        RegistryRequest request, Invitation invitation, AccessScopes scopes, AccessToken? refused, CancellationToken cancellationToken)
    {
        try
        {
            return await _identification.GetTokenAsync(request, invitation, scopes, refused, cancellationToken);
        }
        catch (RegistryException e) when (request.MountFrom is not null && e.Code == DiagnosticCodes.RegistryUnauthorized)
        {
            // Whoever may not read the source can still push: the registry answers the mount as it sees fit.
            return await _identification.GetTokenAsync(request, invitation, ScopesOf(request with { MountFrom = null }), refused, cancellationToken);
        }
    }

    private AccessScopes ScopesOf(RegistryRequest request)
    {
        var scopes = AccessScopes.Of(request);
        return _widened.GetValueOrDefault((request.Address.Registry, scopes.Key), scopes);
    }

    /// <summary>What has been answered for one request: neither is done twice.</summary>
    private sealed class Round
    {
        public bool IsRenewed { get; set; }

        public bool IsWidened { get; set; }
    }
}
