using MultiArch.Oci.Images;

namespace MultiArch.Oci.Publishing.Combining;

/// <summary>Which images shall become one index, and what shall name it.</summary>
/// <param name="Tags">In the order in which they move.</param>
public sealed record CombineRequest(IReadOnlyList<CombineSource> Sources, IReadOnlyList<string> Tags)
{
    /// <summary>The index has to have them.</summary>
    public IReadOnlyList<Platform> RequiredPlatforms { get; init; } = [];

    public IReadOnlyDictionary<string, string> IndexAnnotations { get; init; } = ImageAnnotations.None;

    /// <summary>Keeps the platforms that a tag has already and that are not among the sources.</summary>
    public bool Append { get; init; }

    /// <summary>Leaves the tags where they are.</summary>
    public bool PushByDigest { get; init; }

    internal IReadOnlyList<string> MovingTags => PushByDigest ? [] : Tags;
}

/// <summary>An image of one platform, or an index whose platforms are taken.</summary>
/// <param name="Name">A file or a reference as whoever asked wrote it.</param>
/// <param name="Image">With a tag or a digest.</param>
/// <param name="Report">What a publish said of it, which has to be true; null where nothing was said.</param>
public sealed record CombineSource(string Name, ImageReference Image, ImageReport? Report = null);
