using MultiArch.Oci.Images;

namespace MultiArch.Oci.Publishing;

/// <summary>What one publish shall make.</summary>
/// <param name="Plans">One for each platform.</param>
/// <param name="BaseFolder">Absolute; what a relative <c>oci:</c> folder is relative to.</param>
/// <param name="Tags">In the order in which they move.</param>
/// <param name="WorkFolder">Absolute; holds packed layers until they are stored, and is empty afterwards.</param>
public sealed record PublishRequest(
    IReadOnlyList<ImagePlan> Plans,
    string BaseFolder,
    IReadOnlyList<string> Tags,
    ImageFormat Format,
    string WorkFolder);
