using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using MultiArch.Oci;
using MultiArch.Oci.Registry;
using MultiArch.Oci.Registry.Hosts;

namespace MultiArch.Build;

/// <summary>What the project and the environment say about how registries are reached.</summary>
/// <param name="certificateAuthority">The property MultiArchCertificateAuthority: a path, relative to the project; empty for none.</param>
/// <param name="mirrors">The property MultiArchRegistryMirrors: <c>registry=host[/path]</c> each.</param>
/// <param name="chunkSize">The property MultiArchUploadChunkSize, in bytes; empty for none.</param>
/// <param name="environment">By the name of a variable.</param>
internal sealed class RegistrySettings(
    string projectDirectory, string certificateAuthority, IReadOnlyList<string> mirrors, string chunkSize, Func<string, string?> environment)
{
    private const string InsecureRegistries = "DOTNET_CONTAINER_INSECURE_REGISTRIES";
    private const string ForceChunks = "DOTNET_CONTAINER_DEBUG_REGISTRY_FORCE_CHUNKED_UPLOAD";
    private const string ForcedChunkSize = "DOTNET_CONTAINER_REGISTRY_CHUNKED_UPLOAD_SIZE_BYTES";

    // Amazon ECR takes no smaller chunk.
    private const long DefaultForcedChunkSize = 5 * 1024 * 1024;

    /// <exception cref="MultiArchException">One of those below.</exception>
    public RegistryOptions ToOptions() => new()
    {
        CertificateAuthorities = ReadAuthorities(),
        CertificateFolders = [.. FindCertificateFolders()],
        InsecureRegistries = (environment(InsecureRegistries) ?? "").Split([';', ','], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries),
        Mirrors = ReadMirrors(),
        ChunkSize = ReadChunkSize(),
    };

    /// <exception cref="MultiArchException"><see cref="DiagnosticCodes.InvalidCertificate"/>.</exception>
    public IReadOnlyList<X509Certificate2> ReadAuthorities() => certificateAuthority.Length > 0
        ? CertificateFile.ReadAuthorities(Path.Combine(projectDirectory, certificateAuthority), "MultiArchCertificateAuthority")
        : [];

    /// <exception cref="MultiArchException"><see cref="DiagnosticCodes.InvalidMirror"/>.</exception>
    public IReadOnlyList<RegistryMirror> ReadMirrors() => [.. mirrors.Select(text => text.Trim()).Where(text => text.Length > 0).Select(ParseMirror)];

    /// <exception cref="MultiArchException"><see cref="DiagnosticCodes.InvalidChunkSize"/>.</exception>
    public long? ReadChunkSize()
    {
        if (chunkSize.Length > 0)
        {
            return ParseSize("MultiArchUploadChunkSize", chunkSize);
        }

        if (environment(ForceChunks) is not { } force || !(force.Equals("true", StringComparison.OrdinalIgnoreCase) || force is "1"))
        {
            return null;
        }

        return environment(ForcedChunkSize) is { Length: > 0 } size ? ParseSize(ForcedChunkSize, size) : DefaultForcedChunkSize;
    }

    /// <summary>Podman's order: the user's, then those of the machine.</summary>
    private IEnumerable<string> FindCertificateFolders()
    {
        if (OperatingSystem.IsWindows())
        {
            yield return Path.Combine(environment("ProgramData") ?? @"C:\ProgramData", "docker", "certs.d");
            yield break;
        }

        if (environment("HOME") is { Length: > 0 } home)
        {
            yield return Path.Combine(home, ".config", "containers", "certs.d");
        }

        yield return "/etc/containers/certs.d";
        yield return "/etc/docker/certs.d";
    }

    private static RegistryMirror ParseMirror(string text)
    {
        var (registry, place) = text.Split('=') is [var left, var right] ? (left.Trim(), right.Trim().TrimEnd('/')) : ("", "");
        var slash = place.IndexOf('/');
        var (host, path) = slash < 0 ? (place, "") : (place[..slash], place[(slash + 1)..]);
        return ImageReference.IsRegistry(registry) && ImageReference.IsRegistry(host) && (slash < 0 || ImageReference.IsRepository(path))
            ? new RegistryMirror(registry is "index.docker.io" or "registry-1.docker.io" ? ImageReference.DockerHub : registry, host, path)
            : throw new MultiArchException(
                DiagnosticCodes.InvalidMirror,
                $"MultiArchRegistryMirrors '{text}' is no mirror. Write registry=mirror for each, separated by ;, such as docker.io=mirror.gcr.io or docker.io=harbor.example.com/hub.");
    }

    private static long ParseSize(string setting, string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var size) && size > 0
            ? size
            : throw new MultiArchException(DiagnosticCodes.InvalidChunkSize, $"{setting} '{text}' is no size. Set it to a number of bytes, such as 10485760.");
}
