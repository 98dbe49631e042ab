namespace MultiArch.Oci.Layers;

/// <summary>Where a published file comes from, as far as its build tells.</summary>
public abstract record FileOrigin
{
    private const string WebRoot = "wwwroot/";
    private const string AssetsManifest = ".staticwebassets.endpoints.json";

    private FileOrigin()
    {
    }

    /// <summary>The layer for a file of this origin.</summary>
    /// <param name="path">Relative to the published folder, parts separated by <c>/</c>.</param>
    public LayerKind LayerOf(string path) =>
        // Static web assets come from anywhere, packages too, and the list of them changes with them.
        path.StartsWith(WebRoot, StringComparison.Ordinal) || path.EndsWith(AssetsManifest, StringComparison.Ordinal)
            ? LayerKind.Content
            : this switch
            {
                Runtime => LayerKind.Runtime,
                Package { IsForPlatform: true } => LayerKind.Native,
                Package => LayerKind.Packages,
                Reference => LayerKind.References,
                Source => LayerKind.Content,
                _ => LayerKind.App,
            };

    /// <summary>A runtime pack.</summary>
    public sealed record Runtime : FileOrigin;

    /// <param name="Path">The file's path in the package; empty if it is not known.</param>
    /// <param name="IsNative">Whether it is native code.</param>
    /// <param name="IsCompiled">Whether this build compiled it for the platform, as ReadyToRun does.</param>
    public sealed record Package(string Path, bool IsNative = false, bool IsCompiled = false) : FileOrigin
    {
        /// <summary>Whether another platform has another file in its place.</summary>
        public bool IsForPlatform => IsNative || IsCompiled || IsBelowPlatform(Path);

        /// <remarks>
        /// https://learn.microsoft.com/nuget/create-packages/supporting-multiple-target-frameworks#architecture-specific-folders:
        /// <c>runtimes/linux-arm64/lib/…</c> is one platform's, while <c>runtimes/unix/lib/…</c> is every Linux's.
        /// </remarks>
        private static bool IsBelowPlatform(string path) => path.Split('/') is ["runtimes", var runtimeIdentifier, _, ..] && runtimeIdentifier.Contains('-');
    }

    /// <summary>A referenced project, or an assembly that is referenced as a file.</summary>
    public sealed record Reference : FileOrigin;

    /// <summary>A file that lay there before the build.</summary>
    public sealed record Source : FileOrigin;

    /// <summary>The project's own build, its targets, or unknown.</summary>
    public sealed record Build : FileOrigin;
}
