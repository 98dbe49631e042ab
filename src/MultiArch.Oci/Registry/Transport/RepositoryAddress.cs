using MultiArch.Oci.Registry.Hosts;

namespace MultiArch.Oci.Registry.Transport;

/// <summary>Where a repository's API is reached, and what a user corrects when that is the wrong place.</summary>
/// <remarks>https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#endpoints</remarks>
internal sealed class RepositoryAddress
{
    private const string DockerHubApi = "registry-1.docker.io";

    private readonly Uri _root;

    /// <param name="setting">The property that holds the whole name; null when registry and repository have one each.</param>
    /// <param name="isInsecure">Whether it was said that the registry may speak plain http.</param>
    /// <exception cref="MultiArchException"><see cref="DiagnosticCodes.InvalidRegistry"/>.</exception>
    public RepositoryAddress(ImageReference repository, string? setting = null, bool isInsecure = false)
    {
        Registry = repository.Registry;
        Repository = repository.Repository;
        RegistrySetting = setting ?? "ContainerRegistry";
        RepositorySetting = setting ?? "ContainerRepository";

        var host = Registry.Equals(ImageReference.DockerHub, StringComparison.OrdinalIgnoreCase) ? DockerHubApi : Registry;
        if (!Uri.TryCreate($"https://{host}/v2/{Repository}/", UriKind.Absolute, out var root))
        {
            throw new MultiArchException(
                DiagnosticCodes.InvalidRegistry,
                $"'{Registry}' is not the address of a registry. Correct {RegistrySetting}; ghcr.io and localhost:5000 are examples.");
        }

        IsLocal = AddressScopes.IsLoopback(root);
        AllowsHttp = IsLocal || isInsecure;
        _root = IsLocal ? new Uri($"http://{host}/v2/{Repository}/") : root;
    }

    /// <summary>As the user wrote it: <c>docker.io</c>, <c>localhost:5000</c>.</summary>
    public string Registry { get; }

    public string Repository { get; }

    public string RegistrySetting { get; }

    public string RepositorySetting { get; }

    /// <summary>Both, as words: what holds the name as a whole.</summary>
    public string Settings => RegistrySetting == RepositorySetting ? RegistrySetting : $"{RegistrySetting} or {RepositorySetting}";

    public Uri Blob(Digest digest) => new(_root, $"blobs/{digest}");

    public Uri Uploads => new(_root, "blobs/uploads/");

    /// <param name="from">The repository of the same registry that holds the blob.</param>
    public Uri Mount(Digest digest, string from) =>
        new(_root, $"blobs/uploads/?mount={Uri.EscapeDataString(digest.ToString())}&from={Uri.EscapeDataString(from)}");

    /// <param name="reference">A tag or a digest.</param>
    public Uri Manifest(string reference) => new(_root, $"manifests/{reference}");

    /// <summary>Whether an address is the registry's own: same scheme, where it may not have either, host and port.</summary>
    public bool IsOrigin(Uri uri) =>
        uri.Host.Equals(_root.Host, StringComparison.OrdinalIgnoreCase)
            && (uri.Port == _root.Port || (AllowsHttp && uri.IsDefaultPort && _root.IsDefaultPort))
            && (uri.Scheme == _root.Scheme || (AllowsHttp && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps)));

    /// <summary>Whether the registry runs on this machine.</summary>
    public bool IsLocal { get; }

    /// <summary>Whether plain http may be spoken to the registry, if that is what it speaks: it is on this machine, or said to be insecure.</summary>
    public bool AllowsHttp { get; }

    /// <summary>From where the registry can be reached, as far as its name says.</summary>
    public AddressScope NamedScope => AddressScopes.OfName(_root) ?? AddressScope.Public;
}
