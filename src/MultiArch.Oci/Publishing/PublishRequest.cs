using MultiArch.Oci.Images;
using MultiArch.Oci.Layers;
using MultiArch.Oci.Verification;

namespace MultiArch.Oci.Publishing;

/// <summary>What one publish shall make.</summary>
/// <param name="Plans">One for each platform.</param>
/// <param name="BaseFolder">Absolute; what the path of a base in a layout or an archive is relative to.</param>
/// <param name="Tags">In the order in which they move.</param>
/// <param name="WorkFolder">Absolute; holds packed layers until they are stored, and is gone afterwards.</param>
public sealed record PublishRequest(
    IReadOnlyList<ImagePlan> Plans,
    string BaseFolder,
    IReadOnlyList<string> Tags,
    ImageFormat Format,
    string WorkFolder)
{
    /// <summary>Makes the manifest of the only plan, at which the tags point then, and no index.</summary>
    public bool SingleManifest { get; init; }

    /// <summary>Leaves the tags where they are: they shall name the image when it is combined with others.</summary>
    public bool PushByDigest { get; init; }

    /// <summary>Those that move.</summary>
    internal IReadOnlyList<string> MovingTags => PushByDigest ? [] : Tags;

    /// <summary>Of the index. Those of a platform's manifest are in its plan.</summary>
    public IReadOnlyDictionary<string, string> IndexAnnotations { get; init; } = ImageAnnotations.None;

    /// <summary>Of the layers that are packed; those of a base stay as they are.</summary>
    public LayerCompression Compression { get; init; } = LayerCompression.Default;

    /// <summary>Images of which layers may be taken instead of being packed, beside what the tags name now. One that cannot be read only costs time.</summary>
    public IReadOnlyList<ImageReference> CacheFrom { get; init; } = [];

    /// <summary>What becomes of files that do not fit their platform.</summary>
    public VerificationPolicy Verify { get; init; } = VerificationPolicy.Off;

    /// <summary>Whether bases are read to see what they offer to the files. Without, only headers are looked at; <c>scratch</c> offers nothing and is known.</summary>
    public bool VerifyBase { get; init; } = true;

    /// <summary>Absolute; keeps the manifests and configs of bases by digest, and what they hold. Null keeps nothing.</summary>
    public string? DocumentFolder { get; init; }

    /// <summary>Absolute; remembers what layers became, so that an unchanged one is not packed again. Null remembers nothing.</summary>
    public string? CacheFolder { get; init; }
}
