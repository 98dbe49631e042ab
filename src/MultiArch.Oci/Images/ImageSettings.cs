using System.Text.Json.Serialization;

namespace MultiArch.Oci.Images;

/// <summary>What a project says about its image, beside the files.</summary>
/// <param name="Created">RFC 3339; goes into config, history and label.</param>
/// <param name="WorkingDirectory">Absolute path in the image.</param>
/// <param name="User">Null leaves the choice to the base: its APP_UID, else its user.</param>
/// <param name="Environment">In order; a later entry of the same name wins, and all win over the base's.</param>
/// <param name="Ports">Such as <c>8080/tcp</c>.</param>
/// <param name="Annotations">Of the manifest; see <see cref="ImageAnnotations"/>.</param>
/// <param name="GeneratedLabels">Which of the labels that are known only here are written.</param>
public sealed record ImageSettings(
    string Created,
    string WorkingDirectory,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? User,
    StartCommand Command,
    IReadOnlyList<KeyValuePair<string, string>> Environment,
    IReadOnlyDictionary<string, string> Labels,
    IReadOnlyList<string> Ports,
    IReadOnlyDictionary<string, string> Annotations,
    GeneratedLabels GeneratedLabels);

[Flags]
public enum GeneratedLabels
{
    None = 0,

    /// <summary><c>org.opencontainers.image.created</c> and, as the .NET SDK writes it too, <c>org.opencontainers.artifact.created</c>.</summary>
    Created = 1,

    /// <summary><c>org.opencontainers.image.base.name</c>, for a base that came from a registry.</summary>
    BaseName = 2,

    /// <summary><c>org.opencontainers.image.base.digest</c>: of the platform's manifest.</summary>
    BaseDigest = 4,
}
