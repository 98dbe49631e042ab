using MultiArch.Oci.Contents;

namespace MultiArch.Debian.RootFileSystem;

/// <summary>What of a base image has to be read to lay packages on it: which system it is, where it has packages from, whom it trusts, what is installed.</summary>
public static class BaseFiles
{
    private static readonly string[] Exact =
    [
        "etc/os-release",
        "usr/lib/os-release",
        "etc/debian_version",
        "etc/apt/sources.list",
        "etc/apt/trusted.gpg",
        "var/lib/dpkg/status",
        "usr/lib/sysimage/dpkg/status",
        "var/lib/chisel/manifest.wall",
    ];

    private static readonly string[] Folders =
    [
        "etc/apt/sources.list.d/",
        "etc/apt/trusted.gpg.d/",
        "etc/apt/keyrings/",
        "usr/share/keyrings/",
        "var/lib/dpkg/status.d/",
    ];

    /// <summary>Names under which distributions have the one file with all authorities, which Debian's path may lead to.</summary>
    private static readonly string[] Bundles = ["ca-certificates.crt", "ca-bundle.pem", "ca-bundle.crt", "tls-ca-bundle.pem", "cert.pem"];

    public static ContentSelection Selection { get; } = new("debian-1", Includes);

    private static bool Includes(string path) =>
        Exact.Contains(path)
        || (Folders.Any(folder => path.StartsWith(folder, StringComparison.Ordinal)) && !path.EndsWith(".md5sums", StringComparison.Ordinal))
        || Bundles.Contains(path[(path.LastIndexOf('/') + 1)..]);
}
