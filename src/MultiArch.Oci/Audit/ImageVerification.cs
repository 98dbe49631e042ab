using System.Text.Json.Serialization;
using MultiArch.Oci.Inspection;

namespace MultiArch.Oci.Audit;

/// <summary>What an image says of itself, and what is in it.</summary>
/// <param name="Reference">As it was asked for.</param>
/// <param name="Digest">Of the document that the reference names; null when it cannot be read.</param>
/// <param name="MediaType">Of it: an index, or the manifest of one platform; null when it cannot be read.</param>
/// <param name="Images">In the index's order.</param>
/// <param name="OtherEntries">Attestations and other artifacts of the index, which were not looked at.</param>
/// <param name="Selections">What clients take on each of <see cref="ClientSelection.Hosts"/>; none for the manifest of one platform, which is taken everywhere, and for a layout of several tags.</param>
/// <param name="Faults">In the order of the images, and then those of the index.</param>
public sealed record ImageVerification(
    string Reference,
    Digest? Digest,
    string? MediaType,
    IReadOnlyList<VerifiedPlatform> Images,
    int OtherEntries,
    IReadOnlyList<HostSelection> Selections,
    IReadOnlyList<VerificationFault> Faults)
{
    /// <summary>Whether everything claimed is so, and nothing was told as an error.</summary>
    [JsonPropertyOrder(-1)]
    public bool IsTrue => !Faults.Any(fault => fault.IsCertain || fault.IsError);

    /// <summary>What is known of an image of which nothing could be read.</summary>
    /// <param name="reference">As it was asked for.</param>
    /// <param name="code">One of <see cref="DiagnosticCodes"/>.</param>
    /// <param name="why">One line.</param>
    public static ImageVerification Unread(string reference, string code, string why) =>
        new(reference, null, null, [], 0, [], [new VerificationFault(code, IsCertain: true, why) { IsError = true }]);
}

/// <summary>One image of an index.</summary>
/// <param name="Index">What the index claims; null where it says nothing.</param>
/// <param name="Config">What the config claims; null when it cannot be read.</param>
/// <param name="IsInspected">Whether its files were looked at: nothing is known of those of other platforms.</param>
/// <param name="Binaries">How many files there are of each kind: <c>x86-64</c>, <c>IL</c>.</param>
/// <param name="CLibrary">In words: <c>glibc 2.36</c>; null without one.</param>
/// <param name="DisagreeingCount">Also those beyond the 1000 that are named.</param>
/// <param name="Disagreeing">Files that are not for the platform; lies first.</param>
/// <param name="Lacks">What the image's command, and what lies beside it, need and do not find in the image; up to 1000.</param>
public sealed record VerifiedPlatform(
    Platform? Index,
    Platform? Config,
    Digest Digest,
    bool IsInspected,
    IReadOnlyDictionary<string, int> Binaries,
    string? CLibrary,
    int DisagreeingCount,
    IReadOnlyList<DisagreeingFile> Disagreeing,
    IReadOnlyList<PlatformFault> Lacks)
{
    /// <summary>The platform as a person would name the image.</summary>
    [JsonIgnore]
    public string Name => (Index ?? Config)?.ToString() ?? Digest.ToString();

    public static VerifiedPlatform Unread(Platform? index, Platform? config, Digest digest) => new(index, config, digest, false, new Dictionary<string, int>(), null, 0, [], []);
}

/// <summary>What clients take on a host: positions in <see cref="ImageVerification.Images"/>; null where a client says that there is none.</summary>
public sealed record HostSelection(Platform Host, int? Containerd, int? Docker, int? Podman);

/// <summary>Something that is not as it should be.</summary>
/// <param name="Code">One of <see cref="DiagnosticCodes"/>.</param>
/// <param name="IsCertain">The image lies or cannot be used. Otherwise it may be meant so.</param>
/// <param name="Message">One line.</param>
public sealed record VerificationFault(string Code, bool IsCertain, string Message)
{
    /// <summary>Whether it is told as an error, and so ends the build: by its certainty, unless who asks wants it otherwise.</summary>
    public bool IsError { get; init; } = IsCertain;
}
