using System.Reflection.PortableExecutable;
using System.Runtime.InteropServices;
using MultiArch.Oci.Inspection;
using static MultiArch.Oci.Tests.Inspection.SyntheticPlatform;

namespace MultiArch.Oci.Tests.Inspection;

/// <summary>Native files. Assemblies are in <see cref="AssemblyInspectionTests"/>.</summary>
[TestClass]
public sealed class PlatformInspectorTests
{
    [TestMethod]
    public void A_native_file_fits_its_own_platform_and_no_other()
    {
        foreach (var (platform, _) in Elf)
        {
            foreach (var (made, file) in Elf)
            {
                foreach (var form in new[] { file, file with { Type = 2 }, file with { IsPie = true }, file with { Interpreter = "/lib/ld.so" } })
                {
                    var fault = Inspect(platform, form);

                    Assert.AreEqual(platform == made ? null : FaultKind.ForeignMachine, fault?.Kind, $"{made} on {platform}");
                    Assert.IsTrue(fault is null || (fault.Found.Length > 0 && fault.Expected.Length > 0 && fault.Found != fault.Expected), $"{made} on {platform}: {fault}");
                }
            }
        }
    }

    [TestMethod]
    public void What_runs_on_this_machine_fits_it()
    {
        if (!OperatingSystem.IsLinux() || RuntimeInformation.ProcessArchitecture is not (Architecture.X64 or Architecture.Arm64))
        {
            Assert.Inconclusive("This looks at the files of Linux on x64 or Arm64.");
        }

        var platform = RuntimeInformation.ProcessArchitecture is Architecture.X64 ? "linux/amd64" : "linux/arm64";
        var inspector = new PlatformInspector(Find(platform, BinaryPlatform.CLibraryOf(RuntimeInformation.RuntimeIdentifier)));
        string[] folders = [RuntimeEnvironment.GetRuntimeDirectory(), Path.GetDirectoryName(SystemLibrary())!];
        var formats = new HashSet<Type>();
        foreach (var path in folders.SelectMany(Directory.EnumerateFiles).Where(File.Exists))
        {
            using var file = File.OpenRead(path);
            if (BinaryFile.TryRead(file) is { } binary)
            {
                formats.Add(binary.GetType());
                var fault = inspector.Inspect(path, binary);
                Assert.IsNull(fault, $"{fault}");
            }
        }

        Assert.Contains(typeof(ElfFile), formats);
        Assert.Contains(typeof(PeFile), formats);
    }

    [TestMethod]
    public void A_program_for_another_processor_says_what_every_engine_will_say()
    {
        var fault = Inspect("linux/arm64", Elf["linux/amd64"] with { Interpreter = "/lib64/ld-linux-x86-64.so.2" })!;

        Assert.IsTrue(fault.IsCertain);
        Assert.AreEqual("ELF for x86-64", fault.Found);
        Assert.AreEqual("ELF for AArch64", fault.Expected);
        CollectionAssert.AreEqual(
            new[]
            {
                "exec /app/x: exec format error",
                "exec container process `/app/x`: Exec format error",
                "Win32Exception (8): An error occurred trying to start process '/app/x'",
                "exec /app/x: no such file or directory",
                "exec container process (missing dynamic library?) `/app/x`: No such file or directory",
                "Win32Exception (2): An error occurred trying to start process '/app/x'",
                "Could not open '/lib64/ld-linux-x86-64.so.2': No such file or directory",
            },
            fault.Texts.Select(text => text.Text).ToList());
    }

    [TestMethod]
    public void A_library_for_another_processor_is_there_and_not_found()
    {
        var fault = Inspect("linux/amd64", Elf["linux/arm64"], path: "/app/libx.so")!;

        Assert.AreEqual("/app/libx.so: cannot open shared object file: No such file or directory", fault.Texts[^1].Text);
        Assert.AreEqual("/app/libx.so: wrong ELF class: ELFCLASS32", Inspect("linux/amd64", Elf["linux/386"], path: "/app/libx.so")!.Texts[^1].Text);
        Assert.AreEqual("/app/libx.so: ELF file data encoding not little-endian", Inspect("linux/amd64", Elf["linux/s390x"], path: "/app/libx.so")!.Texts[^1].Text);
    }

    [TestMethod]
    [DataRow("linux/amd64", "linux/386")]
    [DataRow("linux/arm64", "linux/arm/v7")]
    public void A_32_bit_program_beside_a_64_bit_platform_may_start_and_its_libraries_may_not(string platform, string made)
    {
        Assert.IsFalse(Inspect(platform, Elf[made] with { Type = 2 })!.IsCertain);
        Assert.IsTrue(Inspect(platform, Elf[made])!.IsCertain);
    }

    [TestMethod]
    [DataRow("linux/arm/v7", 0x0500_0200u, FaultKind.ForeignAbi)]
    [DataRow("linux/arm/v7", 0x0500_0000u, null)] // Go writes neither
    [DataRow("linux/arm/v6", 0x0500_0200u, null)]
    [DataRow("linux/riscv64", 0x1u, FaultKind.ForeignAbi)]
    [DataRow("linux/riscv64", 0x5u, null)]
    [DataRow("linux/ppc64le", 0x1u, FaultKind.ForeignAbi)]
    [DataRow("linux/ppc64le", 0x0u, null)]
    [DataRow("linux/loong64", 0x41u, FaultKind.ForeignAbi)]
    public void Flags_tell_the_ABI(string platform, uint flags, FaultKind? kind)
    {
        var file = Elf[platform is "linux/arm/v6" ? "linux/arm/v7" : platform] with { Flags = flags };

        Assert.AreEqual(kind, Inspect(platform, file)?.Kind);
        Assert.IsNull(Inspect(platform, file with { Type = 2 }), "A static program calls nobody.");
    }

    [TestMethod]
    [DataRow("/lib/ld-musl-x86_64.so.1", "libc.musl-x86_64.so.1", CLibrary.Glibc, true)]
    [DataRow("/lib64/ld-linux-x86-64.so.2", "libc.so.6", CLibrary.Musl, true)]
    [DataRow("/system/bin/linker64", "libc.so", CLibrary.Glibc, true)]
    [DataRow(null, "libc.musl-x86_64.so.1", CLibrary.Glibc, true)]
    [DataRow(null, "libc.so.6", CLibrary.Musl, false)] // musl answers to that name
    public void One_C_library_does_not_satisfy_what_was_linked_for_another(string? interpreter, string needed, CLibrary library, bool isCertain)
    {
        var file = Elf["linux/amd64"] with { Interpreter = interpreter, Needed = [needed] };

        var fault = Inspect("linux/amd64", file, library)!;

        Assert.AreEqual(FaultKind.ForeignCLibrary, fault.Kind);
        Assert.AreEqual(isCertain, fault.IsCertain);
        StringAssert.Contains(fault.Found, interpreter ?? needed);
        StringAssert.Contains(fault.Expected, library.ToString().ToLowerInvariant());
        Assert.IsNull(Inspect("linux/amd64", file), "Nothing is said where the image's library is not known.");
    }

    [TestMethod]
    public void A_musl_library_misses_musl_on_glibc_and_a_glibc_library_its_loader_on_musl()
    {
        var musl = Inspect("linux/amd64", Elf["linux/amd64"] with { Needed = ["libstdc++.so.6", "libc.musl-x86_64.so.1"] }, CLibrary.Glibc, "/app/libx.so")!;
        var glibc = Inspect("linux/amd64", Elf["linux/amd64"] with { Needed = ["libc.so.6", "ld-linux-x86-64.so.2"] }, CLibrary.Musl, "/app/libx.so")!;

        Assert.AreEqual("libc.musl-x86_64.so.1: cannot open shared object file: No such file or directory", musl.Texts[^1].Text);
        Assert.AreEqual("Error relocating /app/libx.so:", Inspect("linux/amd64", Elf["linux/amd64"] with { Needed = ["libc.so.6"] }, CLibrary.Musl, "/app/libx.so")!.Texts[^1].Text);
        Assert.AreEqual("Error loading shared library ld-linux-x86-64.so.2: No such file or directory (needed by /app/libx.so)", glibc.Texts[^1].Text);
    }

    [TestMethod]
    public void A_file_that_needs_no_C_library_fits_both()
    {
        Assert.IsNull(Inspect("linux/amd64", Elf["linux/amd64"] with { Type = 2 }, CLibrary.Musl));
        Assert.IsNull(Inspect("linux/amd64", Elf["linux/amd64"] with { Needed = ["libz.so.1"] }, CLibrary.Musl));
    }

    [TestMethod]
    [DataRow((byte)0, null)]
    [DataRow((byte)3, null)]
    [DataRow((byte)9, FaultKind.ForeignOperatingSystem)]
    [DataRow((byte)6, FaultKind.ForeignOperatingSystem)]
    public void Another_system_is_told_by_its_mark(byte abi, FaultKind? kind) => Assert.AreEqual(kind, Inspect("linux/amd64", Elf["linux/amd64"] with { OSAbi = abi })?.Kind);

    [TestMethod]
    [DataRow((ushort)1, (ushort)62)] // an object file
    [DataRow((ushort)1, (ushort)247)] // BPF
    [DataRow((ushort)4, (ushort)62)] // a core
    [DataRow((ushort)2, (ushort)190)] // CUDA
    [DataRow((ushort)3, (ushort)224)] // an AMD graphics processor
    [DataRow((ushort)3, (ushort)164)] // Hexagon
    public void What_no_kernel_starts_and_no_process_loads_fits_everywhere(ushort type, ushort machine) =>
        Assert.IsNull(Inspect("linux/arm64", new SyntheticElf { Type = type, Machine = machine }));

    [TestMethod]
    public void Files_of_other_systems_are_named_and_may_lie_there_unused()
    {
        var inspector = new PlatformInspector(Find("linux/amd64"));
        var mac = inspector.Inspect("/app/libx.dylib", BinaryFile.TryRead(new MemoryStream(Convert.FromHexString("CFFAEDFE0C000001"))))!;
        var windows = Inspect("linux/amd64", new SyntheticPe { IsAssembly = false, Processor = PeMachine.X64 }, "/app/x.exe")!;

        Assert.AreEqual((FaultKind.MachOOnLinux, false, "Mach-O for arm64"), (mac.Kind, mac.IsCertain, mac.Found));
        Assert.AreEqual((FaultKind.WindowsNative, false, "a native file of Windows for x64"), (windows.Kind, windows.IsCertain, windows.Found));
        Assert.IsNull(Inspect("linux/amd64", new SyntheticPe { IsAssembly = false, Subsystem = Subsystem.EfiApplication }));
    }

    [TestMethod]
    public void What_was_cut_off_is_a_fault()
    {
        var inspector = new PlatformInspector(Find("linux/amd64"));
        var elf = Elf["linux/amd64"] with { Interpreter = "/lib64/ld-linux-x86-64.so.2" };
        var assembly = new SyntheticPe { Processor = PeMachine.X64, Flags = CorFlags.ILOnly }.ToBytes();

        Assert.AreEqual(FaultKind.Truncated, inspector.Inspect("/app/x", BinaryFile.TryRead(new MemoryStream(elf.ToBytes()[..^1])))?.Kind);
        Assert.AreEqual(FaultKind.Truncated, inspector.Inspect("/app/x", BinaryFile.TryRead(new MemoryStream(elf.ToBytes()[..20])))?.Kind);
        Assert.AreEqual(FaultKind.Truncated, inspector.Inspect("/app/x.dll", BinaryFile.TryRead(new MemoryStream(assembly[..^1])))?.Kind);
    }

    /// <summary>The C library that this process runs with.</summary>
    private static string SystemLibrary() => File.ReadLines("/proc/self/maps").Select(line => line.Split(' ')[^1]).First(path => Path.GetFileName(path) is "libc.so.6" || path.Contains("musl", StringComparison.Ordinal));

    [TestMethod]
    public void What_is_no_binary_fits_everywhere() => Assert.IsNull(new PlatformInspector(Find("linux/amd64")).Inspect("/app/x.json", null));
}
