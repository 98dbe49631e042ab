using MultiArch.Oci.Registry.Transport;

namespace MultiArch.Oci.Registry.Authentication;

/// <summary>What a token is to give the right to, in the order in which it is asked for.</summary>
/// <remarks>https://github.com/distribution/distribution/blob/v3.0.0/docs/content/spec/auth/scope.md</remarks>
internal sealed class AccessScopes
{
    private const string Pull = "pull";
    private const string Push = "push";

    private readonly List<(string Repository, RegistryAccess Access)> _repositories;

    private AccessScopes(List<(string Repository, RegistryAccess Access)> repositories) => _repositories = repositories;

    /// <summary>Each as it stands in a request for a token.</summary>
    public IEnumerable<string> Values => _repositories.Select(Format);

    /// <summary>The same for equal rights, whatever their order.</summary>
    public string Key => string.Join(' ', Values.Order(StringComparer.Ordinal));

    /// <summary>What one request needs. The pushed repository comes first: some registries look at one scope only.</summary>
    public static AccessScopes Of(RegistryRequest request)
    {
        var scopes = new AccessScopes([(request.Address.Repository, request.Access)]);
        return request.MountFrom is { } from ? scopes.With(from, RegistryAccess.Pull) : scopes;
    }

    /// <summary>Pushing to the repository of these scopes, or these if they say so already.</summary>
    public AccessScopes ForPush() => new([.. _repositories.Select((scope, i) => i == 0 ? (scope.Repository, RegistryAccess.Push) : scope)]);

    /// <summary>These, and what a challenge asks for: a proxy may know the repository by another name. No more than the request needs, whatever it says.</summary>
    /// <param name="challenged">As the challenge has it, separated by spaces; null for nothing.</param>
    /// <param name="most">The access of the request.</param>
    public AccessScopes Widen(string? challenged, RegistryAccess most)
    {
        var scopes = this;
        foreach (var scope in (challenged ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries).Take(8))
        {
            if (scope.Split(':', 2) is ["repository", var rest] && rest.LastIndexOf(':') is > 0 and var colon)
            {
                var actions = rest[(colon + 1)..].Split(',');
                if (actions.Contains(Pull) || actions.Contains(Push))
                {
                    scopes = scopes.With(rest[..colon], actions.Contains(Push) ? most : RegistryAccess.Pull);
                }
            }
        }

        return scopes;
    }

    private static string Format((string Repository, RegistryAccess Access) scope) =>
        $"repository:{scope.Repository}:{(scope.Access is RegistryAccess.Push ? $"{Pull},{Push}" : Pull)}";

    private AccessScopes With(string repository, RegistryAccess access)
    {
        var index = _repositories.FindIndex(scope => scope.Repository == repository);
        return index < 0 ? new AccessScopes([.. _repositories, (repository, access)])
            : _repositories[index].Access >= access ? this
            : new AccessScopes([.. _repositories[..index], (repository, access), .. _repositories[(index + 1)..]]);
    }
}
