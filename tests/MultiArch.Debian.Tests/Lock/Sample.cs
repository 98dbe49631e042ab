using MultiArch.Debian.Lock;
using MultiArch.Oci;

namespace MultiArch.Debian.Tests.Lock;

internal static class Sample
{
    public static PackagePlan Plan { get; } = new("linux-x64", "scratch", ["libc6"], ["debconf"], []);

    public static LockedPlatform Platform(string architecture = "amd64") => new(
        new LockedBase("scratch", Digest: null),
        ["libc6"],
        ["debconf"],
        SourceOwner.Host,
        [new LockedSource("http://archive.test/debian", "bookworm", ["main"])],
        [new LockedPackage("libc6", "2.36-9+deb12u13", architecture, 2757000, Digest.Of("libc6"u8), "pool/main/g/glibc/libc6.deb", 0)]);
}
