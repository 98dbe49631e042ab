using MultiArch.Oci;

namespace MultiArch.Debian;

/// <summary>The one table from .NET's RuntimeIdentifier to Debian's name of an architecture.</summary>
/// <remarks>https://www.debian.org/ports/ and https://wiki.debian.org/ArchitectureSpecificsMemo.</remarks>
public static class DebianArchitecture
{
    /// <exception cref="MultiArchException"><see cref="DiagnosticCodes.NoDebianArchitecture"/>.</exception>
    public static string Of(string runtimeIdentifier) => runtimeIdentifier switch
    {
        "linux-x64" => "amd64",
        "linux-arm64" => "arm64",
        "linux-arm" => "armhf",
        "linux-x86" => "i386",
        "linux-riscv64" => "riscv64",
        "linux-s390x" => "s390x",
        "linux-ppc64le" => "ppc64el",
        "linux-loongarch64" => "loong64",
        _ => throw new MultiArchException(
            DiagnosticCodes.NoDebianArchitecture,
            $"There are no packages of Debian for {runtimeIdentifier}: Debian and Ubuntu have glibc, not musl. Leave the platform out of ContainerRuntimeIdentifiers, or give MultiArchOSPackage a condition on $(RuntimeIdentifier)."),
    };
}
