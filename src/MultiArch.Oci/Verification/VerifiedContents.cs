using MultiArch.Oci.Contents;

namespace MultiArch.Oci.Verification;

/// <summary>The few files of a base whose bytes <see cref="ImageContents"/> reads: C libraries, where the loader looks, and the system's name.</summary>
public static class VerifiedContents
{
    public static ContentSelection Selection { get; } = new("verification 1", Includes);

    private static bool Includes(string path)
    {
        var name = path[(path.LastIndexOf('/') + 1)..];
        return name == "libc.so.6"
            || (name.StartsWith("libc-2.", StringComparison.Ordinal) && name.EndsWith(".so", StringComparison.Ordinal)) // what libc.so.6 is a link to, before glibc 2.34
            || name.StartsWith("ld-musl-", StringComparison.Ordinal) // the library, and the file of paths
            || path is "etc/ld.so.conf" or "etc/os-release" or "usr/lib/os-release"
            || path.StartsWith("etc/ld.so.conf.d/", StringComparison.Ordinal)
            || path.StartsWith("etc/dotnet/install_location", StringComparison.Ordinal);
    }
}
