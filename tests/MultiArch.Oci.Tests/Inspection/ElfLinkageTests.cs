using MultiArch.Oci.Inspection;
using MultiArch.Oci.Tests.Layers;
using MultiArch.Testing;

namespace MultiArch.Oci.Tests.Inspection;

/// <summary>What an ELF file needs of others, and has for them.</summary>
[TestClass]
public sealed class ElfLinkageTests
{
    private static readonly ElfSymbolVersion[] Versions =
        [new("libc.so.6", "GLIBC_2.34"), new("libc.so.6", "GLIBC_2.2.5", IsWeak: true), new("libstdc++.so.6", "GLIBCXX_3.4.30")];

    [TestMethod]
    [DataRow(true, true)]
    [DataRow(true, false)]
    [DataRow(false, true)]
    [DataRow(false, false)]
    public void Libraries_and_versions_are_read_without_section_headers(bool is64Bit, bool isLittleEndian)
    {
        var elf = Read(new SyntheticElf
        {
            Is64Bit = is64Bit,
            IsLittleEndian = isLittleEndian,
            SharedObjectName = "libown.so.1",
            RPath = "/opt/a",
            RunPath = "$ORIGIN:$ORIGIN/lib",
            Needed = ["libstdc++.so.6", "libc.so.6"],
            RequiredVersions = Versions,
            DefinedVersions = ["OWN_1.0", "OWN_1.1"],
        });

        Assert.AreEqual("libown.so.1", elf.SharedObjectName);
        CollectionAssert.AreEqual(new[] { "libstdc++.so.6", "libc.so.6" }, elf.Needed.ToList());
        CollectionAssert.AreEqual(new[] { "/opt/a" }, elf.RPath.ToList());
        CollectionAssert.AreEqual(new[] { "$ORIGIN", "$ORIGIN/lib" }, elf.RunPath.ToList());
        CollectionAssert.AreEqual(Versions, elf.RequiredVersions.ToList());
        CollectionAssert.AreEqual(new[] { "OWN_1.0", "OWN_1.1" }, elf.DefinedVersions.ToList());
        Assert.IsFalse(elf.IsTruncated);
    }

    [TestMethod]
    [DataRow("gcc", ElfMachine.X64)]
    [DataRow("aarch64-linux-gnu-gcc", ElfMachine.Arm64)]
    public void What_a_compiler_links_is_what_readelf_says(string compiler, int machine)
    {
        Tool.Require(compiler, "readelf");
        using var folder = new TempDirectory();
        var library = Compile(folder, compiler, "int add(int a, int b) { return a + b; }", "libadd.so.2", "-shared", "-fPIC", "-Wl,-soname,libadd.so.2");
        var program = Compile(folder, compiler, "#include <stdio.h>\nint add(int, int); int main(int c, char **v) { printf(\"%d\", add(c, 1)); return 0; }", "main", library, "-Wl,-rpath,$ORIGIN", "-Wl,--enable-new-dtags", "-pie", "-fPIE");

        using var file = File.OpenRead(program);
        var elf = ElfFile.TryRead(file)!;
        var readelf = Shell.Text("readelf", ["--dynamic", "--version-info", "--wide", program]);

        if (compiler != "gcc")
        {
            Assert.AreEqual(machine, elf.Machine);
        }

        CollectionAssert.AreEqual(Lines(readelf, "Shared library: [", "]"), elf.Needed.ToList());
        CollectionAssert.Contains(elf.Needed.ToList(), "libadd.so.2");
        CollectionAssert.AreEqual(new[] { "$ORIGIN" }, elf.RunPath.ToList());
        CollectionAssert.AreEquivalent(Lines(readelf, "Name: ", " "), elf.RequiredVersions.Select(version => version.Name).ToList());
        Assert.Contains("GLIBC_", readelf);
        Assert.AreEqual(CLibrary.Glibc, elf.CLibrary);
        Assert.IsTrue(elf.IsExecutable);
        Assert.IsFalse(elf.IsStatic);
    }

    [TestMethod]
    public void The_C_library_of_this_machine_says_which_versions_it_has()
    {
        Tool.Require("gcc");
        var path = Shell.Text("gcc", ["-print-file-name=libc.so.6"]).Trim();
        if (!Path.IsPathRooted(path))
        {
            Assert.Inconclusive("This machine has no glibc.");
        }

        using var file = File.OpenRead(path);
        var elf = ElfFile.TryRead(file)!;

        Assert.AreEqual("libc.so.6", elf.SharedObjectName);
        Assert.IsGreaterThan(20, elf.DefinedVersions.Count);
        CollectionAssert.Contains(elf.DefinedVersions.ToList(), "GLIBC_2.17");
        CollectionAssert.DoesNotContain(elf.DefinedVersions.ToList(), "libc.so.6");
        Assert.AreEqual(CLibrary.Glibc, elf.CLibrary);
    }

    [TestMethod]
    public void A_static_program_needs_nobody()
    {
        Tool.Require("gcc");
        using var folder = new TempDirectory();

        using var file = File.OpenRead(Compile(folder, "gcc", "int main(void) { return 0; }", "main", "-static"));
        var elf = ElfFile.TryRead(file)!;

        Assert.IsTrue(elf.IsStatic);
        Assert.AreEqual(CLibrary.Unknown, elf.CLibrary);
    }

    [TestMethod]
    public void Debug_information_beside_a_program_is_told_from_the_program()
    {
        Tool.Require("gcc", "objcopy");
        using var folder = new TempDirectory();
        var program = Compile(folder, "gcc", "int main(void) { return 0; }", "main", "-g");
        Shell.Text("objcopy", ["--only-keep-debug", program, folder["main.dbg"]]);

        using var file = File.OpenRead(program);
        using var debug = File.OpenRead(folder["main.dbg"]);
        var elf = ElfFile.TryRead(debug)!;

        Assert.IsTrue(elf.IsDebugInformation);
        Assert.IsFalse(elf.IsTruncated);
        Assert.IsNull(elf.Interpreter);
        Assert.IsEmpty(elf.Needed);
        Assert.IsFalse(ElfFile.TryRead(file)!.IsDebugInformation);
    }

    [TestMethod]
    public void A_program_that_was_cut_off_says_so()
    {
        Tool.Require("gcc");
        using var folder = new TempDirectory();
        var whole = File.ReadAllBytes(Compile(folder, "gcc", "int main(void) { return 0; }", "main"));

        Assert.IsFalse(ElfFile.TryRead(whole)!.IsTruncated);
        Assert.IsTrue(ElfFile.TryRead(whole.AsSpan(0, 6000))!.IsTruncated);
        Assert.IsTrue(ElfFile.TryRead(whole.AsSpan(0, 100))!.IsTruncated);
    }

    [TestMethod]
    [DataRow("/lib64/ld-linux-x86-64.so.2", "", CLibrary.Glibc)]
    [DataRow("/lib64/ld64.so.2", "", CLibrary.Glibc)]
    [DataRow("/nix/store/x-glibc/lib/ld-linux-aarch64.so.1", "", CLibrary.Glibc)]
    [DataRow("/lib/ld-musl-aarch64.so.1", "", CLibrary.Musl)]
    [DataRow("/system/bin/linker64", "", CLibrary.Bionic)]
    [DataRow(null, "libc.so.6", CLibrary.Glibc)]
    [DataRow(null, "libm.so.6 ld-linux-x86-64.so.2", CLibrary.Glibc)]
    [DataRow(null, "libc.musl-x86_64.so.1", CLibrary.Musl)]
    [DataRow(null, "libc.so", CLibrary.Musl)]
    [DataRow(null, "libc.so liblog.so", CLibrary.Bionic)]
    [DataRow(null, "", CLibrary.Unknown)]
    [DataRow(null, "libz.so.1", CLibrary.Unknown)]
    public void The_C_library_is_told_by_names_that_no_other_uses(string? interpreter, string needed, CLibrary library) =>
        Assert.AreEqual(library, Read(new SyntheticElf { Interpreter = interpreter, Needed = needed.Split(' ', StringSplitOptions.RemoveEmptyEntries) }).CLibrary);

    [TestMethod]
    public void Android_is_told_from_musl_by_its_symbols_version() =>
        Assert.AreEqual(CLibrary.Bionic, Read(new SyntheticElf { Needed = ["libc.so"], RequiredVersions = [new("libc.so", "LIBC")] }).CLibrary);

    [TestMethod]
    public void Thousands_of_versions_are_read_up_to_a_limit()
    {
        var versions = Enumerable.Range(0, 3000).Select(i => new ElfSymbolVersion("libc.so.6", $"GLIBC_2.{i}")).ToArray();

        var read = Read(new SyntheticElf { RequiredVersions = versions }).RequiredVersions;

        Assert.HasCount(2048, read);
        CollectionAssert.AreEqual(versions[..2048], read.ToList());
    }

    private static ElfFile Read(SyntheticElf file) => ElfFile.TryRead(file.ToBytes())!;

    private static string Compile(TempDirectory folder, string compiler, string source, string output, params string[] arguments)
    {
        Shell.Text(compiler, [folder.Write($"{output}.c", source), "-o", folder[output], .. arguments]);
        return folder[output];
    }

    private static List<string> Lines(string text, string before, string after) =>
        [.. text.Split('\n').Where(line => line.Contains(before, StringComparison.Ordinal)).Select(line => line.Split(before)[1].Split(after)[0])];
}
