using System.Text;

namespace MultiArch.Oci.Registry.Credentials;

/// <summary>Finds credentials where CI, the .NET SDK, docker and podman put them: in variables, in files, and in the helpers that those name.</summary>
/// <param name="target">Where is pushed to, for the variables that are for it alone; null when no registry is.</param>
/// <param name="time">Ends the wait for a helper.</param>
public sealed class Keychain(CredentialEnvironment environment, ImageReference? target, TimeProvider time, IProgress<RegistryEvent>? progress = null)
    : ICredentialSource, IDisposable
{
    private readonly SemaphoreSlim _oneAtATime = new(1);
    private readonly Dictionary<(string Name, bool IsTarget), Credential?> _found = [];
    private readonly HashSet<(string Name, Credential Refused)> _askedAgain = [];
    private readonly Dictionary<(string Program, string Server), Credential?> _helped = [];
    private readonly HashSet<RegistryEvent> _told = [];

    /// <summary>The registries that bases are named from: they alone get the SDK's pair for what is pulled; mirrors and caches get what is theirs by name.</summary>
    public IReadOnlyCollection<string> Bases { get; init; } = [];

    /// <exception cref="MultiArchException">What is told of the way threw it: a warning that the build takes for an error.</exception>
    public async Task<Credential?> FindAsync(ImageReference repository, RegistryAccess access, Credential? refused, CancellationToken cancellationToken)
    {
        var isTarget = access is RegistryAccess.Push
            || (target is not null && repository.Repository == target.Repository
                && repository.Registry.Equals(target.Registry, StringComparison.OrdinalIgnoreCase));
        var key = (repository.Name, isTarget);
        await _oneAtATime.WaitAsync(cancellationToken);
        try
        {
            if (!_found.TryGetValue(key, out var found))
            {
                found = _found[key] = await LookUpAsync(repository, isTarget, cancellationToken);
            }

            if (refused is not null && found == refused && _askedAgain.Add((repository.Name, refused)))
            {
                // Tokens that helpers hand out live for hours, and a file may have been written anew.
                _helped.Clear();
                found = _found[key] = await LookUpAsync(repository, isTarget, cancellationToken);
            }

            return found == refused ? null : found;
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    public void Dispose() => _oneAtATime.Dispose();

    private async Task<Credential?> LookUpAsync(ImageReference repository, bool isTarget, CancellationToken cancellationToken)
    {
        if (new CredentialVariables(environment, target, Bases, Tell).Find(repository, isTarget) is { } variable)
        {
            return variable;
        }

        const string Variable = "DOCKER_AUTH_CONFIG";
        if (environment[Variable] is { } json)
        {
            var config = await TryAsync($"the variable {Variable}", () => Task.FromResult<DockerConfig?>(DockerConfig.Parse(Encoding.UTF8.GetBytes(json))));
            if (await FindAsync(config, $"the variable {Variable}", repository, cancellationToken) is { } credential)
            {
                return credential;
            }
        }

        foreach (var file in DockerConfigFiles.Candidates(environment))
        {
            var source = $"the file {environment.Shorten(file.Path)}";
            var config = await TryAsync(source, () => DockerConfigFiles.ReadAsync(file, cancellationToken));
            if (await FindAsync(config, source, repository, cancellationToken) is { } credential)
            {
                return credential;
            }
        }

        return null;
    }

    private async Task<Credential?> FindAsync(DockerConfig? config, string source, ImageReference repository, CancellationToken cancellationToken)
    {
        if (config is null)
        {
            return null;
        }

        var helper = await TryAsync(source, () => Task.FromResult(config.HelperFor(repository.Registry)));
        return await AskAsync(helper, repository.Registry, cancellationToken)
            ?? await TryAsync(source, () => Task.FromResult(config.Find(repository, source)))
            ?? await AskAsync(config.HelperForAll, repository.Registry, cancellationToken);
    }

    private async Task<Credential?> AskAsync(string? name, string registry, CancellationToken cancellationToken)
    {
        if (name is null)
        {
            return null;
        }

        var helper = new CredentialHelper(name, new SearchPath(environment["PATH"] ?? ""), time);
        foreach (var server in CredentialHost.Servers(registry))
        {
            if (!_helped.TryGetValue((helper.Program, server), out var answer))
            {
                answer = await TryAsync($"the credential helper {OneLine.Of(helper.Program)}", () => helper.GetAsync(server, cancellationToken));
                _helped.Add((helper.Program, server), answer);
            }

            if (answer is not null)
            {
                return answer;
            }
        }

        return null;
    }

    private async Task<T?> TryAsync<T>(string source, Func<Task<T?>> read)
        where T : class
    {
        try
        {
            return await read();
        }
        catch (FormatException e)
        {
            Tell(new RegistryEvent.CredentialSourceUnusable(source, e.Message));
            return null;
        }
    }

    private void Tell(RegistryEvent value)
    {
        if (!_told.Contains(value))
        {
            progress?.Report(value);
            _told.Add(value);
        }
    }
}
