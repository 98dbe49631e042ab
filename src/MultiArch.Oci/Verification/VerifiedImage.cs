using MultiArch.Oci.Inspection;

namespace MultiArch.Oci.Verification;

/// <summary>All that is known of one platform's image before it is judged.</summary>
/// <param name="Platform">What the index claims, with the C library of the RuntimeIdentifier if there is one.</param>
/// <param name="Binaries">Programs, libraries and assemblies that shall fit the platform.</param>
public sealed record VerifiedImage(BinaryPlatform Platform, IReadOnlyList<BinaryInImage> Binaries)
{
    /// <summary>Null when an image is looked at that somebody else made.</summary>
    public string? RuntimeIdentifier { get; init; }

    /// <summary>What the image offers to them; null leaves out all that depends on the base.</summary>
    public ImageContents? Contents { get; init; }

    public IReadOnlyList<AppFile> AppFiles { get; init; } = [];

    /// <summary>Absolute; where the app lies, and where its processes begin.</summary>
    public string WorkingDirectory { get; init; } = "/";

    /// <summary>Entrypoint and command.</summary>
    public IReadOnlyList<string> Command { get; init; } = [];

    /// <summary>The container's variables.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>Entries of a config, <c>NAME=value</c>, as variables.</summary>
    public static IReadOnlyDictionary<string, string> ReadEnvironment(IEnumerable<string>? entries)
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var entry in entries ?? [])
        {
            var equals = entry.IndexOf('=');
            variables[equals < 0 ? entry : entry[..equals]] = equals < 0 ? "" : entry[(equals + 1)..];
        }

        return variables;
    }
}
