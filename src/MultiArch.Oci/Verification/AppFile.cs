namespace MultiArch.Oci.Verification;

/// <summary>A file of an app that is read as text: a <c>runtimeconfig.json</c> or <c>deps.json</c>.</summary>
/// <param name="Path">Absolute, in the image.</param>
public sealed record AppFile(string Path, ReadOnlyMemory<byte> Content)
{
    private const string RuntimeConfigSuffix = ".runtimeconfig.json";
    private const string DependenciesSuffix = ".deps.json";

    public bool IsRuntimeConfig => Path.EndsWith(RuntimeConfigSuffix, StringComparison.Ordinal);

    public bool IsDependencies => Path.EndsWith(DependenciesSuffix, StringComparison.Ordinal);

    /// <summary>Whether a file of this path is one.</summary>
    public static bool IsOne(string path) => path.EndsWith(RuntimeConfigSuffix, StringComparison.Ordinal) || path.EndsWith(DependenciesSuffix, StringComparison.Ordinal);

    /// <summary>Absolute, in the image.</summary>
    internal string Folder => Path[..Math.Max(0, Path.LastIndexOf('/'))];

    /// <summary>Of the app: <c>hello</c>.</summary>
    internal string Name => Path[(Path.LastIndexOf('/') + 1)..^(IsRuntimeConfig ? RuntimeConfigSuffix.Length : DependenciesSuffix.Length)];
}
