using System.Collections.Concurrent;
using MultiArch.Oci.Registry.Credentials;
using MultiArch.Oci.Registry.Transport;

namespace MultiArch.Oci.Registry.Authentication;

/// <summary>What became of each credential that was shown in one publish, to a registry or to the token service that it names.</summary>
internal sealed class CredentialTrials : IDisposable
{
    private readonly ConcurrentDictionary<(string Registry, Credential Credential), CredentialTrial> _trials = new();

    public CredentialTrial Of(RepositoryAddress address, Credential credential) =>
        _trials.GetOrAdd((address.Registry.ToLowerInvariant(), credential), _ => new CredentialTrial());

    public void Dispose()
    {
        foreach (var trial in _trials.Values)
        {
            trial.Dispose();
        }
    }
}

/// <summary>
/// Shows one credential to one registry, one request at a time until it was taken once, and not for long when it is not: an account may be
/// locked after a few attempts, and a publish has many requests under way.
/// </summary>
internal sealed class CredentialTrial : IDisposable
{
    // Of scopes. Not one, since there are registries that answer 401 where 403 is meant, and the next repository may be open to it.
    private const int MostRefusals = 2;

    private readonly SemaphoreSlim _oneAtATime = new(1);
    private readonly Lock _lock = new();
    private readonly HashSet<string> _refused = [];
    private bool _isTaken;

    public bool IsTaken
    {
        get
        {
            lock (_lock)
            {
                return _isTaken;
            }
        }
    }

    /// <summary>Whether it was refused for anything, and taken for nothing.</summary>
    public bool IsDoubtful
    {
        get
        {
            lock (_lock)
            {
                return !_isTaken && _refused.Count > 0;
            }
        }
    }

    /// <param name="isAlone">Whether nobody else shows it meanwhile, unless it was taken before.</param>
    /// <param name="show">Notes what becomes of it.</param>
    /// <param name="refusal">Thrown in its place, where it is not shown again.</param>
    public async Task<T> ShowAsync<T>(AccessScopes scopes, bool isAlone, Func<Task<T>> show, Func<RegistryException> refusal, CancellationToken cancellationToken)
    {
        var isWaitedFor = isAlone && !IsTaken;
        if (isWaitedFor)
        {
            await _oneAtATime.WaitAsync(cancellationToken);
            if (IsTaken)
            {
                _oneAtATime.Release();
                isWaitedFor = false;
            }
        }

        try
        {
            return IsRefused(scopes) ? throw refusal() : await show();
        }
        finally
        {
            if (isWaitedFor)
            {
                _oneAtATime.Release();
            }
        }
    }

    public bool IsRefused(AccessScopes scopes)
    {
        lock (_lock)
        {
            return _refused.Contains(scopes.Key) || (!_isTaken && _refused.Count >= MostRefusals);
        }
    }

    public void Take()
    {
        lock (_lock)
        {
            _isTaken = true;
        }
    }

    public void Refuse(AccessScopes scopes)
    {
        lock (_lock)
        {
            _refused.Add(scopes.Key);
        }
    }

    public void Dispose() => _oneAtATime.Dispose();
}
