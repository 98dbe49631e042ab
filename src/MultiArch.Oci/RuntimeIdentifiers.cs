using System.Collections.Frozen;

namespace MultiArch.Oci;

/// <summary>The one table from .NET's RuntimeIdentifier to a platform.</summary>
/// <remarks>
/// https://learn.microsoft.com/dotnet/core/rid-catalog#linux-rids. A musl RID names the same platform as its glibc twin: the index has
/// no word for a C library.
/// </remarks>
public static class RuntimeIdentifiers
{
    private static readonly FrozenDictionary<string, Platform> Platforms = new Dictionary<string, Platform>
    {
        ["linux-x64"] = Platform.LinuxAmd64,
        ["linux-musl-x64"] = Platform.LinuxAmd64,
        ["linux-arm64"] = Platform.LinuxArm64,
        ["linux-musl-arm64"] = Platform.LinuxArm64,
        ["linux-arm"] = new("arm", "linux", "v7"),
        ["linux-musl-arm"] = new("arm", "linux", "v7"),
        ["linux-x86"] = new("386", "linux"),
        ["linux-riscv64"] = new("riscv64", "linux"),
        ["linux-musl-riscv64"] = new("riscv64", "linux"),
        ["linux-s390x"] = new("s390x", "linux"),
        ["linux-ppc64le"] = new("ppc64le", "linux"),
        ["linux-loongarch64"] = new("loong64", "linux"),
        ["linux-musl-loongarch64"] = new("loong64", "linux"),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The RIDs an image can be made for, in ordinal order.</summary>
    public static IReadOnlyList<string> Known { get; } = [.. Platforms.Keys.Order(StringComparer.Ordinal)];

    /// <exception cref="MultiArchException"><see cref="DiagnosticCodes.UnknownRuntimeIdentifier"/>.</exception>
    public static Platform ToPlatform(string runtimeIdentifier) =>
        Platforms.GetValueOrDefault(runtimeIdentifier) ?? throw new MultiArchException(
            DiagnosticCodes.UnknownRuntimeIdentifier,
            $"No image can be made for the RuntimeIdentifier '{runtimeIdentifier}'. Name one of these: {string.Join(", ", Known)}.");
}
