namespace MultiArch.Oci.Verification;

/// <summary>What Debian and Ubuntu call the packages of libraries that .NET and its common packages need.</summary>
internal static class LibraryPackages
{
    private static readonly (string Library, string Package)[] Known =
    [
        ("libc.", "libc6"), ("libm.", "libc6"), ("libdl.", "libc6"), ("librt.", "libc6"), ("libpthread.", "libc6"), ("ld-linux", "libc6"),
        ("libgcc_s.", "libgcc-s1"), ("libstdc++.", "libstdc++6"), ("libz.", "zlib1g"), ("libssl.so.3", "libssl3t64 | libssl3"), ("libcrypto.so.3", "libssl3t64 | libssl3"),
        ("libfontconfig.", "libfontconfig1"), ("libfreetype.", "libfreetype6"), ("libgssapi_krb5.", "libgssapi-krb5-2"),
    ];

    /// <returns>A name for <c>MultiArchOSPackage</c>; for a library that is not known here, how to find it.</returns>
    public static string Of(string? library) =>
        Known.FirstOrDefault(known => library?.StartsWith(known.Library, StringComparison.Ordinal) is true).Package ?? "'apt-file search' finds it by the file's name";
}
