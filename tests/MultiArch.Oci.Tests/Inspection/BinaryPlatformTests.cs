using MultiArch.Oci.Inspection;

namespace MultiArch.Oci.Tests.Inspection;

[TestClass]
public sealed class BinaryPlatformTests
{
    [TestMethod]
    public void Every_RuntimeIdentifier_that_images_are_made_for_has_a_row()
    {
        foreach (var rid in RuntimeIdentifiers.Known)
        {
            var platform = RuntimeIdentifiers.ToPlatform(rid);

            var row = BinaryPlatform.Find(platform.OS, platform.Architecture, platform.Variant, BinaryPlatform.CLibraryOf(rid))!;

            Assert.AreEqual(platform.ToString(), row.Name);
            Assert.AreEqual(rid.Contains("musl", StringComparison.Ordinal) ? CLibrary.Musl : CLibrary.Glibc, row.CLibrary);
        }
    }

    [TestMethod]
    [DataRow("linux/amd64", 0xFD1D)]
    [DataRow("linux/arm64", 0xD11D)]
    [DataRow("linux/arm/v7", 0x7ABD)]
    [DataRow("linux/386", 0x7A35)]
    [DataRow("linux/riscv64", 0x2B1D)]
    [DataRow("linux/loong64", 0x191D)]
    [DataRow("linux/s390x", null)]
    [DataRow("linux/ppc64le", null)]
    public void Native_code_of_assemblies_has_the_systems_mark(string name, int? machine) =>
        Assert.AreEqual(machine, SyntheticPlatform.Find(name).ReadyToRunMachine);

    [TestMethod]
    [DataRow("linux/amd64/v3", "linux/amd64")]
    [DataRow("linux/arm64/v8", "linux/arm64")]
    [DataRow("linux/arm64/v9", "linux/arm64")]
    [DataRow("linux/arm", "linux/arm/v7")]
    [DataRow("linux/arm/v6", "linux/arm/v6")]
    public void A_variant_that_headers_do_not_tell_is_the_same_platform(string name, string row) => Assert.AreEqual(row, SyntheticPlatform.Find(name).Name);

    [TestMethod]
    [DataRow("windows", "amd64")]
    [DataRow("linux", "mips64le")]
    [DataRow("darwin", "arm64")]
    [DataRow("unknown", "unknown")]
    public void Of_other_platforms_nothing_is_said(string os, string architecture) => Assert.IsNull(BinaryPlatform.Find(os, architecture, null, CLibrary.Unknown));

    [TestMethod]
    [DataRow("linux-x64", CLibrary.Glibc)]
    [DataRow("linux-musl-arm64", CLibrary.Musl)]
    [DataRow("linux-bionic-arm64", CLibrary.Bionic)]
    [DataRow("win-x64", CLibrary.Unknown)]
    public void The_RuntimeIdentifier_names_the_C_library(string rid, CLibrary library) => Assert.AreEqual(library, BinaryPlatform.CLibraryOf(rid));

    [TestMethod]
    public void The_loaders_of_this_machine_are_in_the_table()
    {
        using var shell = File.OpenRead(OperatingSystem.IsLinux() ? "/bin/sh" : typeof(object).Assembly.Location);
        if (ElfFile.TryRead(shell) is not { Interpreter: { } loader } elf)
        {
            Assert.Inconclusive("This machine has no shell with a loader.");
            return;
        }

        var rows = RuntimeIdentifiers.Known.Select(rid => SyntheticPlatform.Find(RuntimeIdentifiers.ToPlatform(rid).ToString())).Where(row => row.ElfMachine == elf.Machine);

        Assert.Contains(loader, rows.SelectMany(row => new[] { row.GlibcLoader, row.MuslLoader }));
    }
}
