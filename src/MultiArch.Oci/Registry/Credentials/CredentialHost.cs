namespace MultiArch.Oci.Registry.Credentials;

/// <summary>The names under which the credentials of a registry are kept.</summary>
internal static class CredentialHost
{
    /// <summary>What docker calls Docker Hub, in its file and when it asks a helper.</summary>
    public const string DockerHubServer = "https://index.docker.io/v1/";

    private static readonly string[] DockerHubHosts = [ImageReference.DockerHub, "index.docker.io", "registry-1.docker.io"];

    public static bool IsDockerHub(string registry) => DockerHubHosts.Contains(registry, StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether two names are one registry's.</summary>
    public static bool IsSame(string registry, string other) => Names(registry)[0] == Names(other)[0];

    /// <summary>In lower case, the usual one first; Docker Hub has several.</summary>
    public static IReadOnlyList<string> Names(string registry) => IsDockerHub(registry) ? DockerHubHosts : [registry.ToLowerInvariant()];

    /// <summary>How a helper is asked, in order.</summary>
    public static IReadOnlyList<string> Servers(string registry) =>
        IsDockerHub(registry) ? [DockerHubServer, ImageReference.DockerHub] : [registry.ToLowerInvariant()];

    /// <summary>The keys that are a repository's, the most specific first: <c>host/a/b</c>, <c>host/a</c>, <c>host</c>.</summary>
    /// <remarks>https://github.com/containers/image/blob/v5.36.0/docs/containers-auth.json.5.md#format</remarks>
    public static IEnumerable<string> Keys(ImageReference repository)
    {
        var names = Names(repository.Registry);
        for (var path = repository.Repository; path.Length > 0; path = path[..Math.Max(path.LastIndexOf('/'), 0)])
        {
            foreach (var name in names)
            {
                yield return $"{name}/{path}";
            }
        }

        foreach (var name in names)
        {
            yield return name;
        }
    }

    /// <summary>A key of a file in the form of <see cref="Keys"/>: docker writes addresses, older ones with a version.</summary>
    public static string Normalize(string key)
    {
        var name = key;
        foreach (var scheme in new[] { "https://", "http://" })
        {
            if (name.StartsWith(scheme, StringComparison.OrdinalIgnoreCase))
            {
                name = name[scheme.Length..];
                break;
            }
        }

        var isAddress = name.Length < key.Length;
        var (host, path) = name.IndexOf('/') is >= 0 and var slash ? (name[..slash], name[(slash + 1)..].Trim('/')) : (name, "");
        return isAddress || path is "" or "v1" or "v2" ? host.ToLowerInvariant() : $"{host.ToLowerInvariant()}/{path}";
    }
}
