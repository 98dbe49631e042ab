using System.Collections.Concurrent;
using System.Net;
using MultiArch.Oci.Registry.Credentials;
using MultiArch.Oci.Registry.Transport;

namespace MultiArch.Oci.Registry.Authentication;

/// <summary>The tokens of one publish. Each is asked for once, however many requests want it at the same time.</summary>
internal sealed class TokenCache(TokenService service, CredentialTrials trials, TimeProvider time) : IDisposable
{
    private readonly ConcurrentDictionary<(string Registry, Uri Realm, string? Service, string Scopes, Credential? Credential), Entry> _entries = new();
    private readonly CancellationTokenSource _closing = new();

    /// <param name="refused">A token that the registry did not take: another one is wanted. Null at first.</param>
    /// <exception cref="RegistryException">The service gives none. A credential that it refused is not shown to it again: it may lock the account.</exception>
    public Task<AccessToken> GetAsync(TokenRequest request, AccessToken? refused, CancellationToken cancellationToken) =>
        _entries.GetOrAdd(request.Key, _ => new Entry()).GetAsync(
            token => token != refused && token.IsFresh(time),
            () => RequestAsync(request)).WaitAsync(cancellationToken);

    /// <returns>A token that is here and fresh; null when none is.</returns>
    public AccessToken? Find(TokenRequest request) =>
        _entries.TryGetValue(request.Key, out var entry) && entry.Token is { } token && token.IsFresh(time) ? token : null;

    public void Dispose()
    {
        _closing.Cancel();
        _closing.Dispose();
    }

    private Task<AccessToken> RequestAsync(TokenRequest request)
    {
        if (request.Credential is not { } credential)
        {
            return service.RequestAsync(request, isDoubtful: false, _closing.Token);
        }

        var trial = trials.Of(request.For.Address, credential);
        return trial.ShowAsync(request.Scopes, isAlone: true, ShowAsync, () => AuthenticationFailure.OfRefusedBefore(request.For, credential, trial.IsTaken), _closing.Token);

        async Task<AccessToken> ShowAsync()
        {
            try
            {
                var token = await service.RequestAsync(request, trial.IsDoubtful, _closing.Token);
                trial.Take();
                return token;
            }
            catch (RegistryException e) when (e.Code == DiagnosticCodes.RegistryUnauthorized && e.Status is not HttpStatusCode.Forbidden)
            {
                trial.Refuse(request.Scopes);
                throw;
            }
        }
    }

    private sealed class Entry
    {
        private readonly Lock _lock = new();
        private Task<AccessToken>? _pending;
        private RegistryException? _refusal;

        public AccessToken? Token { get; private set; }

        public Task<AccessToken> GetAsync(Func<AccessToken, bool> isGood, Func<Task<AccessToken>> request)
        {
            lock (_lock)
            {
                return Token is { } token && isGood(token) ? Task.FromResult(token)
                    : _refusal is { } refusal ? Task.FromException<AccessToken>(refusal)
                    // Not by the one who asks first: when it is cancelled, the others still wait.
                    : _pending ??= Task.Run(() => RequestAsync(request));
            }
        }

        private async Task<AccessToken> RequestAsync(Func<Task<AccessToken>> request)
        {
            try
            {
                var token = await request();
                lock (_lock)
                {
                    (Token, _pending) = (token, null);
                }

                return token;
            }
            catch (Exception e)
            {
                lock (_lock)
                {
                    _refusal = e is RegistryException { Code: DiagnosticCodes.RegistryUnauthorized } refusal ? refusal : null;
                    _pending = null;
                }

                throw;
            }
        }
    }
}
