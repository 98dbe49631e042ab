using MultiArch.Oci.Registry.Credentials;
using MultiArch.Oci.Registry.Hosts;
using MultiArch.Oci.Registry.Transport;

namespace MultiArch.Oci.Registry.Authentication;

/// <summary>Finds what a request shows of who asks: a password, or a token that was got for one.</summary>
/// <param name="trials">What became of each credential.</param>
internal sealed class Identification(RegistryOptions options, SendOnce send, CredentialTrials trials) : IDisposable
{
    private readonly TokenCache _tokens = new(new TokenService(send, options.Time), trials, options.Time);
    private readonly HashSet<RegistryEvent> _told = [];

    /// <param name="refused">The one that the registry has refused just now; null for none.</param>
    /// <returns>Null when there is none.</returns>
    public async Task<AuthorizationHeader?> FindPasswordAsync(RegistryRequest request, Credential? refused, CancellationToken cancellationToken)
    {
        var credential = await FindCredentialAsync(request, refused, cancellationToken);
        if (credential is not null && trials.Of(request.Address, credential).IsRefused(AccessScopes.Of(request)))
        {
            credential = await FindCredentialAsync(request, credential, cancellationToken) ?? credential;
        }

        return credential is null ? null : AuthorizationHeader.Basic(credential, wasTaken: trials.Of(request.Address, credential).IsTaken);
    }

    /// <param name="refused">The token that the registry has refused just now; null for none.</param>
    /// <exception cref="RegistryException">No token can be had, or it would be asked for where we do not go.</exception>
    public async Task<AuthorizationHeader> GetTokenAsync(
        RegistryRequest request, Invitation invitation, AccessScopes scopes, AccessToken? refused, CancellationToken cancellationToken)
    {
        // First, so that no credential is read, nor a helper started, for what we do not follow.
        var realm = Realm.Resolve(request with { Uri = invitation.From }, invitation.Challenge["realm"]);
        var credential = await FindCredentialAsync(request, refused: null, cancellationToken);
        try
        {
            return await WithAsync(credential);
        }
        catch (RegistryException e) when (credential is not null && e.Code == DiagnosticCodes.RegistryUnauthorized)
        {
            if (await FindCredentialAsync(request, credential, cancellationToken) is not { } other)
            {
                throw;
            }

            return await WithAsync(other);
        }

        async Task<AuthorizationHeader> WithAsync(Credential? asker)
        {
            if (asker is not null && Realm.IsForeign(invitation.From, realm))
            {
                Tell(new RegistryEvent.ForeignTokenService(request.Address.Registry, AddressScopes.Shown(realm)));
            }

            var wanted = new TokenRequest(realm, invitation.Challenge["service"], scopes, asker, request);
            var forPush = wanted with { Scopes = scopes.ForPush() };
            // Who may push may pull.
            return refused is null && _tokens.Find(forPush) is { } token
                ? AuthorizationHeader.Bearer(token, forPush.Scopes, asker)
                : AuthorizationHeader.Bearer(await _tokens.GetAsync(wanted, refused, cancellationToken), scopes, asker);
        }
    }

    public void Dispose() => _tokens.Dispose();

    /// <summary>Nobody goes on before it is told: a build that takes the warning for an error throws here, and nothing is sent.</summary>
    private void Tell(RegistryEvent value)
    {
        lock (_told)
        {
            if (!_told.Contains(value))
            {
                options.Progress?.Report(value);
                _told.Add(value);
            }
        }
    }

    private async Task<Credential?> FindCredentialAsync(RegistryRequest request, Credential? refused, CancellationToken cancellationToken) =>
        options.Credentials is { } source
            ? await source.FindAsync(new ImageReference(request.Address.Registry, request.Address.Repository), request.Access, refused, cancellationToken)
            : null;
}
