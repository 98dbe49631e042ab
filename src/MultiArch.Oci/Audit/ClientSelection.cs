using MultiArch.Oci.Formats;

namespace MultiArch.Oci.Audit;

/// <summary>Which image of an index a client takes on a host, when it is asked for no other platform than the host's.</summary>
/// <remarks>
/// containerd sorts what its matcher takes by the host's order and takes the first:
/// https://github.com/containerd/platforms/blob/v1.0.0/compare.go (platformVector) and
/// https://github.com/containerd/containerd/blob/v2.1.0/core/images/handlers.go (LimitManifests). Docker Engine does the same with the same matcher:
/// https://github.com/moby/moby/blob/v28.0.0/distribution/pull_v2_unix.go (filterManifests). containers/image compares names letter by letter, knows
/// fewer predecessors, and prefers what is marked as zstd: https://github.com/containers/image/blob/v5.34.0/internal/pkg/platform/platform_matcher.go
/// and https://github.com/containers/image/blob/v5.34.0/internal/manifest/oci_index.go (chooseInstance). Hosts are plain ones: amd64 is what Docker
/// and containerd call so without a variant, whatever its processor can do.
/// </remarks>
public static class ClientSelection
{
    private const string IsZstd = "io.github.containers.compression.zstd";

    private static readonly string[] ArmVariants = ["v7", "v6", "v5"];

    /// <summary>Those that images are published for most.</summary>
    public static IReadOnlyList<Platform> Hosts { get; } =
        [.. new[] { "linux/amd64", "linux/arm64", "linux/arm/v7", "linux/386", "linux/s390x", "linux/ppc64le", "linux/riscv64" }.Select(Platform.Parse)];

    public static IReadOnlyList<HostClient> Clients { get; } = Enum.GetValues<HostClient>();

    /// <param name="entries">Of the index, in its order.</param>
    /// <returns>The position of the entry; null when the client says that there is none for the host.</returns>
    public static int? Pick(HostClient client, Platform host, IReadOnlyList<Descriptor> entries)
    {
        var wanted = client is HostClient.Podman ? WantedByPodman(host.Normalize()) : WantedByContainerd(host.Normalize());
        int? best = null;
        var bestRank = (int.MaxValue, int.MaxValue);
        for (var i = 0; i < entries.Count; i++)
        {
            // An entry without a platform is taken where nothing better is.
            var order = entries[i].Platform is { } platform ? wanted.FindIndex(one => IsMatch(client, one, platform)) : int.MaxValue - 1;
            var rank = (order, client is HostClient.Podman && IsMarkedAsZstd(entries[i]) ? 0 : 1);
            if (order >= 0 && rank.CompareTo(bestRank) < 0)
            {
                (best, bestRank) = (i, rank);
            }
        }

        return best;
    }

    /// <summary>Whether a host runs what is made for a platform, its own or a predecessor's; levels of amd64 and arm64 are not told apart.</summary>
    internal static bool Runs(Platform host, Platform platform)
    {
        var named = platform.Normalize();
        return WantedByContainerd(host.Normalize()).Exists(wanted => IsMatch(HostClient.Containerd, wanted, named.Architecture is "amd64" or "arm64" ? named with { Variant = null } : named));
    }

    private static bool IsMatch(HostClient client, Platform wanted, Platform entry)
    {
        var named = client is HostClient.Podman ? entry with { Variant = string.IsNullOrEmpty(entry.Variant) ? null : entry.Variant } : entry.Normalize();
        return named with { OSVersion = null } == wanted with { OSVersion = null };
    }

    private static bool IsMarkedAsZstd(Descriptor entry) => entry.Annotations?.GetValueOrDefault(IsZstd) == "true";

    private static List<Platform> WantedByContainerd(Platform host) => host switch
    {
        { Architecture: "amd64" } => [host, host with { Architecture = "386" }],
        { Architecture: "arm" } => [host, .. ArmFrom(host, host.Variant)],
        { Architecture: "arm64" } => [host, host with { Architecture = "arm", Variant = "v8" }, .. ArmFrom(host, "v8")],
        _ => [host],
    };

    private static List<Platform> WantedByPodman(Platform host) => host switch
    {
        { Architecture: "arm" } => [host, .. ArmFrom(host, host.Variant), host with { Variant = null }],
        { Architecture: "arm64" } => [host with { Variant = "v8" }, host with { Variant = null }],
        _ => [host],
    };

    /// <summary>What an Arm processor of 32 bits runs beside its own, the newest first.</summary>
    private static IEnumerable<Platform> ArmFrom(Platform host, string? variant) =>
        ArmVariants.Where(older => string.CompareOrdinal(older, variant) < 0).Select(older => host with { Architecture = "arm", Variant = older });
}
