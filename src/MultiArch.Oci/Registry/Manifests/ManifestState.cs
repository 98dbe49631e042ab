namespace MultiArch.Oci.Registry.Manifests;

/// <summary>What a tag or digest names in a registry, as far as it says so.</summary>
/// <param name="Digest">Null when it names nothing.</param>
internal readonly record struct ManifestState(bool IsKnown, Digest? Digest)
{
    /// <summary>The registry does not tell.</summary>
    public static ManifestState Unknown => default;

    public static ManifestState Missing => new(IsKnown: true, Digest: null);

    public static ManifestState Is(Digest digest) => new(IsKnown: true, digest);

    /// <summary>For people: <c>1.0 (sha256:…)</c>.</summary>
    public string Describe(string tag) => this switch
    {
        { IsKnown: false } => $"{tag} (unknown)",
        { Digest: { } digest } => $"{tag} ({digest})",
        _ => $"{tag} (no such tag)",
    };
}
