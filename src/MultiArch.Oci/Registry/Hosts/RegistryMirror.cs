namespace MultiArch.Oci.Registry.Hosts;

/// <summary>Another registry that holds, or fetches, what a registry has.</summary>
/// <param name="Registry">What is mirrored, as image names have it: <c>docker.io</c>.</param>
/// <param name="Host">Host and optional port of the mirror.</param>
/// <param name="Path">What comes before the repository's name there; empty for nothing.</param>
public sealed record RegistryMirror(string Registry, string Host, string Path)
{
    /// <summary>Where an image of the mirrored registry is found.</summary>
    public ImageReference Locate(ImageReference image) =>
        new(Host, Path.Length > 0 ? $"{Path}/{image.Repository}" : image.Repository, image.Tag, image.Digest);

    public override string ToString() => Path.Length > 0 ? $"{Host}/{Path}" : Host;
}
