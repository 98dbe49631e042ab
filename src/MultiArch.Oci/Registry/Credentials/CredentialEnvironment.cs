namespace MultiArch.Oci.Registry.Credentials;

/// <summary>What a machine says about its user's credentials; read by the caller, as the library reads no variable.</summary>
/// <param name="Variables">All environment variables; on Windows their names have no case.</param>
/// <param name="HomeFolder">Absolute; null when there is none.</param>
public sealed record CredentialEnvironment(IReadOnlyDictionary<string, string> Variables, string? HomeFolder)
{
    /// <summary>Where podman keeps its logins when <c>XDG_RUNTIME_DIR</c> is not set: <c>/run/containers/&lt;uid&gt;</c>. Null when it does not.</summary>
    public string? ContainersFolder { get; init; }

    /// <summary>The value of a variable; null when it is not set. An empty one is none: that is how CI passes a secret that it does not have.</summary>
    internal string? this[string variable] => Variables.GetValueOrDefault(variable) is { Length: > 0 } value ? value : null;

    /// <summary>A path as people read it.</summary>
    internal string Shorten(string path) =>
        HomeFolder is { Length: > 1 } home && path.StartsWith(Path.TrimEndingDirectorySeparator(home) + Path.DirectorySeparatorChar, StringComparison.Ordinal)
            ? $"~{path[Path.TrimEndingDirectorySeparator(home).Length..]}"
            : path;
}
