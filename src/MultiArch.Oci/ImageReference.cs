using System.Text.RegularExpressions;

namespace MultiArch.Oci;

/// <summary>Names an image in a registry: <c>registry/repository[:tag][@digest]</c>, with Docker Hub's rules for what is left out.</summary>
/// <remarks>https://github.com/distribution/reference/blob/v0.6.0/reference.go and https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#pulling-manifests</remarks>
/// <param name="Registry">Host and optional port, as written: <c>ghcr.io</c>, <c>localhost:5000</c>; <c>docker.io</c> for Docker Hub.</param>
/// <param name="Repository">Lower-case path without the registry: <c>library/debian</c>.</param>
/// <param name="Tag">Null when none is given, or when only a digest is.</param>
public sealed partial record ImageReference(string Registry, string Repository, string? Tag = null, Digest? Digest = null)
{
    public const string DockerHub = "docker.io";

    // distribution caps host and name together at 255 characters.
    private const int MaxNameLength = 255;

    /// <summary>What is asked of the registry: the digest when there is one, else the tag.</summary>
    public string Reference => Digest?.ToString() ?? Tag ?? "latest";

    /// <summary>The registry and repository alone.</summary>
    public string Name => $"{Registry}/{Repository}";

    /// <summary>Parses a reference; without tag and digest it means <c>latest</c>.</summary>
    /// <exception cref="FormatException">The text is no image reference; the message says why.</exception>
    public static ImageReference Parse(string text)
    {
        var name = text;
        Digest? digest = null;
        if (name.IndexOf('@') is >= 0 and var at)
        {
            digest = Oci.Digest.TryParse(name[(at + 1)..], out var parsed)
                ? parsed
                : throw new FormatException($"'{name[(at + 1)..]}' is not a digest of the form sha256:<64 lowercase hex digits>");
            name = name[..at];
        }

        string? tag = null;
        if (name.LastIndexOf(':') is >= 0 and var colon && colon > name.LastIndexOf('/'))
        {
            tag = name[(colon + 1)..];
            name = name[..colon];
            if (!IsTag(tag))
            {
                throw new FormatException($"'{tag}' is not a tag: {TagRule}");
            }
        }

        var (registry, repository) = SplitName(name);
        if (!IsRegistry(registry))
        {
            throw new FormatException($"'{registry}' is not a registry such as ghcr.io or localhost:5000");
        }

        if (!IsRepository(repository))
        {
            throw new FormatException($"'{repository}' is not a repository: {RepositoryRule}");
        }

        if (registry.Length + 1 + repository.Length > MaxNameLength)
        {
            throw new FormatException($"the name is longer than {MaxNameLength} characters");
        }

        return new ImageReference(registry, repository, tag ?? (digest is null ? "latest" : null), digest);
    }

    /// <summary>A repository that names no registry, as docker understands it: <c>app</c> is <c>docker.io/library/app</c>.</summary>
    public static ImageReference OnDockerHub(string repository) => new(DockerHub, InLibrary(repository));

    /// <summary>In words, for error messages.</summary>
    public static string RepositoryRule => "lower-case letters, digits and single . _ - or __ between them, in parts separated by /";

    /// <summary>In words, for error messages.</summary>
    public static string TagRule => "up to 128 letters, digits and . _ -, and the first is neither . nor -";

    public static bool IsRegistry(string text) => RegistryPattern().IsMatch(text);

    public static bool IsRepository(string text) => text.Length <= MaxNameLength && RepositoryPattern().IsMatch(text);

    public static bool IsTag(string text) => TagPattern().IsMatch(text);

    public override string ToString() => (Tag, Digest) switch
    {
        (null, null) => Name,
        ({ } tag, null) => $"{Name}:{tag}",
        (null, { } digest) => $"{Name}@{digest}",
        ({ } tag, { } digest) => $"{Name}:{tag}@{digest}",
    };

    /// <summary>The first part is a registry only if it looks like a host; otherwise it is a user or <c>library</c> on Docker Hub.</summary>
    private static (string Registry, string Repository) SplitName(string name)
    {
        var slash = name.IndexOf('/');
        var first = slash < 0 ? "" : name[..slash];
        if (first is "localhost" || first.AsSpan().ContainsAny('.', ':') || first.Any(char.IsAsciiLetterUpper))
        {
            var repository = name[(slash + 1)..];
            return first is DockerHub or "index.docker.io" ? (DockerHub, InLibrary(repository)) : (first, repository);
        }

        return (DockerHub, InLibrary(name));
    }

    private static string InLibrary(string repository) => repository.Contains('/') ? repository : $"library/{repository}";

    [GeneratedRegex(@"^(?:(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])(?:\.(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9]))*|\[[a-fA-F0-9:]+\])(?::[0-9]{1,5})?\z", RegexOptions.CultureInvariant)]
    private static partial Regex RegistryPattern();

    [GeneratedRegex(@"^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*\z", RegexOptions.CultureInvariant)]
    private static partial Regex RepositoryPattern();

    [GeneratedRegex(@"^[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}\z", RegexOptions.CultureInvariant)]
    private static partial Regex TagPattern();
}
