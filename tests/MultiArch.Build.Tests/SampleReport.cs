using MultiArch.Oci;
using MultiArch.Oci.Publishing;

namespace MultiArch.Build.Tests;

/// <summary>An <c>image.json</c> of <c>web</c>, pushed to <c>ghcr.io/me/web</c> for two platforms that share a layer.</summary>
internal static class SampleReport
{
    public const string Index = "sha256:1111111111111111111111111111111111111111111111111111111111111111";

    public static ImageReport Web { get; } = new(
        ImageReport.CurrentVersion,
        "web",
        "ghcr.io/me/web",
        "ghcr.io",
        "me/web",
        ["ghcr.io/me/web:1.0", "ghcr.io/me/web:latest"],
        ["1.0", "latest"],
        ["1.0", "latest"],
        MediaTypes.OciIndex,
        Digest.Parse(Index),
        700,
        new(MediaTypes.OciIndex, Digest.Parse(Index), 700),
        [Platform("linux-x64", "linux/amd64", '2', Layer('4', 30_000_000, "mounted"), Layer('5', 1_200, "uploaded")), Platform("linux-arm64", "linux/arm64", '3', Layer('6', 29_000_000, "reused"), Layer('5', 1_200, "uploaded"))],
        new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero), new(0.5, 1.25, 0.25, 2), 1_900));

    /// <summary>A publish that found all of the image there.</summary>
    public static ImageReport Again { get; } = Web with
    {
        Platforms = [.. Web.Platforms.Select(platform => platform with { Layers = [.. platform.Layers.Select(layer => layer with { Transfer = "reused" })] })],
        Publish = new(Web.Publish.StartedAt.AddDays(1), new(0.4, 0, 0, 0.4), 0),
    };

    public static string DigestOf(char digit) => $"sha256:{new string(digit, 64)}";

    private static ImageReport.Image Platform(string runtimeIdentifier, string platform, char digest, params IReadOnlyList<ImageReport.Layer> layers) =>
        new(runtimeIdentifier, platform, MediaTypes.OciManifest, Digest.Parse(DigestOf(digest)), 600, new("mcr.microsoft.com/dotnet/runtime:10.0", Digest.Parse(DigestOf('7'))), layers);

    private static ImageReport.Layer Layer(char digest, long size, string transfer) =>
        new(MediaTypes.OciLayerGzip, Digest.Parse(DigestOf(digest)), size, Digest.Parse(DigestOf(digest)), null, transfer);
}
