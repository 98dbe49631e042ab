using System.Text.Json.Serialization;

namespace MultiArch.Oci;

/// <summary>Where an image runs, in Go's vocabulary: <c>linux/arm/v7</c>, not <c>linux-arm</c>.</summary>
/// <remarks>https://github.com/opencontainers/image-spec/blob/v1.1.1/image-index.md#image-index-property-descriptions</remarks>
/// <param name="Variant">The CPU variant, such as <c>v7</c>; null where the architecture has one meaning.</param>
/// <param name="OSVersion">Only Windows images have one.</param>
public sealed record Platform(
    [property: JsonPropertyOrder(1)] string Architecture,
    [property: JsonPropertyOrder(2), JsonPropertyName("os")] string OS,
    [property: JsonPropertyOrder(4)] string? Variant = null,
    [property: JsonPropertyOrder(3), JsonPropertyName("os.version")] string? OSVersion = null)
{
    public static Platform LinuxAmd64 { get; } = new("amd64", "linux");

    public static Platform LinuxArm64 { get; } = new("arm64", "linux");

    /// <exception cref="FormatException">The text is not <c>os/architecture[/variant]</c>.</exception>
    public static Platform Parse(string text) => text.Split('/') switch
    {
        [{ Length: > 0 } os, { Length: > 0 } architecture] => new Platform(architecture, os),
        [{ Length: > 0 } os, { Length: > 0 } architecture, { Length: > 0 } variant] => new Platform(architecture, os, variant),
        _ => throw new FormatException($"'{text}' is not a platform such as linux/arm64."),
    };

    /// <summary>One spelling for each meaning, so that two platforms that a client takes for one compare as equal.</summary>
    /// <remarks>The rules of containerd's platforms package: https://github.com/containerd/platforms/blob/v1.0.0/database.go</remarks>
    public Platform Normalize()
    {
        var architecture = Architecture.ToLowerInvariant();
        var variant = string.IsNullOrEmpty(Variant) ? null : Variant.ToLowerInvariant();
        (architecture, variant) = (architecture, variant) switch
        {
            ("i386", _) => ("386", null),
            ("x86_64" or "x86-64" or "amd64", "v1") => ("amd64", null),
            ("x86_64" or "x86-64", _) => ("amd64", variant),
            ("aarch64" or "arm64", "8" or "v8" or "v8.0") => ("arm64", null),
            ("aarch64" or "arm64", "9" or "9.0" or "v9.0") => ("arm64", "v9"),
            ("aarch64", _) => ("arm64", variant),
            ("armhf", _) => ("arm", "v7"),
            ("armel", _) => ("arm", "v6"),
            ("arm", null or "7") => ("arm", "v7"),
            ("arm", "5" or "6" or "8") => ("arm", "v" + variant),
            _ => (architecture, variant),
        };
        return this with { OS = OS.ToLowerInvariant(), Architecture = architecture, Variant = variant };
    }

    /// <summary>Whether both name the same os, architecture and variant, however each is spelt.</summary>
    public bool IsSameAs(Platform other) =>
        (Normalize() with { OSVersion = null }) == (other.Normalize() with { OSVersion = null });

    public override string ToString() => Variant is null ? $"{OS}/{Architecture}" : $"{OS}/{Architecture}/{Variant}";
}
