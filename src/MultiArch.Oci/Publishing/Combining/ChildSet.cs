using MultiArch.Oci.Formats;
using MultiArch.Oci.Images;

namespace MultiArch.Oci.Publishing.Combining;

/// <summary>Images that can stand in one index: each platform once, all of one family of media types.</summary>
internal sealed class ChildSet
{
    private readonly List<Child> _children;

    private ChildSet(IEnumerable<Child> children) => _children = [.. children.OrderBy(child => child.Platform.ToString(), StringComparer.Ordinal)];

    /// <summary>In the order of the index.</summary>
    public IReadOnlyList<Child> Children => _children;

    private ImageFormat Format => _children[0].Manifest.MediaType == MediaTypes.DockerManifest ? ImageFormat.Docker : ImageFormat.Oci;

    /// <exception cref="MultiArchException"><see cref="DiagnosticCodes.ChildTwice"/> or <see cref="DiagnosticCodes.MixedMediaFamilies"/>.</exception>
    public static ChildSet Of(IReadOnlyCollection<Child> children)
    {
        if (children.GroupBy(child => child.Platform.Normalize()).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            var (first, second) = (twice.First(), twice.Last());
            var which = first.Manifest.Digest == second.Manifest.Digest ? "the same one" : $"{first.Manifest.Digest} and {second.Manifest.Digest}";
            throw new MultiArchException(
                DiagnosticCodes.ChildTwice,
                $"'{OneLine.Of(first.Source)}' and '{OneLine.Of(second.Source)}' both have an image for {twice.Key}, {which}, and an index names a platform once. Leave one of them out of MultiArchCombineFrom.");
        }

        var docker = children.FirstOrDefault(child => child.Manifest.MediaType == MediaTypes.DockerManifest);
        var oci = children.FirstOrDefault(child => child.Manifest.MediaType == MediaTypes.OciManifest);
        if (docker is not null && oci is not null)
        {
            throw new MultiArchException(
                DiagnosticCodes.MixedMediaFamilies,
                $"'{OneLine.Of(docker.Source)}' has {docker.Platform} in Docker's format and '{OneLine.Of(oci.Source)}' has {oci.Platform} in OCI's, and one index has one format. Publish both with the same ContainerImageFormat.");
        }

        return new ChildSet(children);
    }

    /// <summary>These, and those of another index whose platforms these lack.</summary>
    /// <exception cref="MultiArchException">As <see cref="Of"/>.</exception>
    public ChildSet Over(IReadOnlyList<Child> held)
    {
        var platforms = _children.Select(child => child.Platform.Normalize()).ToHashSet();
        return Of([.. _children, .. held.Where(child => !platforms.Contains(child.Platform.Normalize()))]);
    }

    /// <summary>Whether a document is an index that names each of these images.</summary>
    public bool IsIn(Document document)
    {
        if (!MediaTypes.IsIndex(document.MediaType))
        {
            return false;
        }

        var entries = ImageIndex.Parse(document.Bytes.Span).Manifests;
        return _children.All(child => entries.Any(entry => entry.Digest == child.Manifest.Digest && entry.Platform?.IsSameAs(child.Platform) is true));
    }

    /// <exception cref="MultiArchException"><see cref="DiagnosticCodes.RequiredPlatformMissing"/>.</exception>
    public void Require(IReadOnlyList<Platform> platforms)
    {
        if (platforms.Where(platform => !_children.Any(child => child.Platform.IsSameAs(platform))).ToList() is { Count: > 0 } missing)
        {
            throw new MultiArchException(
                DiagnosticCodes.RequiredPlatformMissing,
                $"MultiArchRequiredPlatforms asks for {string.Join(", ", missing)}, and there is only {OneLine.Of(string.Join(", ", _children.Select(child => child.Platform)))}. "
                    + "Add what is missing to MultiArchCombineFrom; no tag has moved.");
        }
    }

    /// <summary>The bytes that one publish of all platforms would have made.</summary>
    public Document Assemble(IReadOnlyDictionary<string, string> annotations) => IndexAssembler.Join(
        _children.Select(child => child.Entry), _children.SelectMany(child => child.Attestations).Select(attestation => attestation.Entry), Format, annotations);
}
