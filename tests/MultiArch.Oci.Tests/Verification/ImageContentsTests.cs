using MultiArch.Oci.Inspection;
using MultiArch.Oci.Tests.Inspection;
using MultiArch.Oci.Verification;

namespace MultiArch.Oci.Tests.Verification;

/// <summary>What an image offers.</summary>
[TestClass]
public sealed class ImageContentsTests
{
    [TestMethod]
    public void Debian_has_glibc_and_Alpine_has_musl()
    {
        var (debian, alpine, nothing) = (new TestImage().OnDebian("2.41").Contents(), new TestImage().OnAlpine().Contents(), new TestImage().Contents());

        Assert.AreEqual((CLibrary.Glibc, new Version(2, 41)), (debian.CLibrary, debian.CLibraryVersion));
        CollectionAssert.AreEqual(new[] { "/lib64/ld-linux-x86-64.so.2" }, debian.Loaders.ToList());
        Assert.AreEqual((CLibrary.Musl, new Version(1, 2, 5)), (alpine.CLibrary, alpine.CLibraryVersion));
        CollectionAssert.AreEqual(new[] { "/lib/ld-musl-x86_64.so.1" }, alpine.Loaders.ToList());
        Assert.AreEqual((CLibrary.Unknown, null), (nothing.CLibrary, nothing.CLibraryVersion));
    }

    [TestMethod]
    public void The_version_of_glibc_is_known_when_a_package_brings_it()
    {
        var image = new TestImage().With("/usr/lib/x86_64-linux-gnu/libc.so.6", new SyntheticElf { DefinedVersions = ["GLIBC_2.9", "GLIBC_2.36"] });

        Assert.AreEqual(new Version(2, 36), image.Contents().CLibraryVersion);
    }

    [TestMethod]
    [DataRow("GLIBC_2.2.5", "2.2.5")]
    [DataRow("GLIBC_ABI_DT_RELR", "2.36")]
    [DataRow("GLIBC_PRIVATE", null)]
    [DataRow("GLIBCXX_3.4", null)]
    public void A_symbol_names_a_version(string name, string? version) => Assert.AreEqual(version, GlibcVersion.TryParse(name)?.ToString());

    [TestMethod]
    public void Few_files_of_a_base_are_kept()
    {
        var kept = new[] { "usr/lib/x86_64-linux-gnu/libc.so.6", "lib/libc-2.31.so", "lib/ld-musl-x86_64.so.1", "etc/ld-musl-x86_64.path", "etc/ld.so.conf", "etc/ld.so.conf.d/libc.conf", "usr/lib/os-release", "etc/dotnet/install_location_x64" };
        var others = new[] { "usr/lib/libc.so", "usr/lib/x86_64-linux-gnu/libc.so.6.debug", "bin/bash", "etc/passwd", "usr/share/doc/libc-2.txt" };

        Assert.IsTrue(kept.All(VerifiedContents.Selection.Includes));
        Assert.IsFalse(others.Any(VerifiedContents.Selection.Includes));
    }

    [TestMethod]
    public void Frameworks_are_found_in_all_places_of_an_installation()
    {
        var image = new TestImage()
            .Base("/usr/share/dotnet/shared/Microsoft.NETCore.App/10.0.1/a")
            .Base("/usr/lib/dotnet/shared/Microsoft.NETCore.App/9.0.2/a")
            .Base("/opt/other/shared/Microsoft.AspNetCore.App/10.0.1/a")
            .Base("/etc/dotnet/install_location", "/opt/other\n"u8.ToArray());

        var frameworks = image.Contents().Frameworks;

        CollectionAssert.AreEquivalent(new[] { "10.0.1", "9.0.2" }, frameworks.VersionsOf("Microsoft.NETCore.App").ToList());
        CollectionAssert.AreEqual(new[] { "10.0.1" }, frameworks.VersionsOf("Microsoft.AspNetCore.App").ToList());
        Assert.IsEmpty(frameworks.VersionsOf("Microsoft.WindowsDesktop.App"));
    }

    [TestMethod]
    [DataRow("linux/arm64", "linux/arm64/v8", 0)]
    [DataRow("linux/arm64", "linux/amd64", 1)]
    [DataRow("linux/arm", "linux/arm/v7", 0)]
    [DataRow("linux/arm/v6", "linux/arm/v7", 1)]
    public void Claims_are_compared_as_clients_compare_them(string claimed, string config, int count)
    {
        var faults = PlatformClaims.Compare(Platform.Parse(claimed), ("config", Platform.Parse(config))).ToList();

        Assert.HasCount(count, faults);
        Assert.IsTrue(faults.TrueForAll(fault => fault is { Kind: FaultKind.PlatformContradicted, IsCertain: true, Path: "config" }));
    }

    [TestMethod]
    public void Every_kind_of_fault_has_a_code_and_a_cause()
    {
        foreach (var kind in Enum.GetValues<FaultKind>())
        {
            var fault = new PlatformFault("/app/x", kind, true, "", "", []);
            Assert.AreNotEqual(DiagnosticCodes.Internal, FaultAdvice.CodeOf(kind), $"{kind}");
            Assert.AreNotEqual("none is known", FaultAdvice.LikelyCause(fault, "linux-x64"), $"{kind}");
        }
    }
}
