using System.Reflection.PortableExecutable;
using System.Runtime.InteropServices;
using MultiArch.Oci.Inspection;

namespace MultiArch.Oci.Tests.Inspection;

[TestClass]
public sealed class PeFileTests
{
    [TestMethod]
    public void An_assembly_for_any_processor_is_IL_alone()
    {
        using var file = File.OpenRead(typeof(PeFileTests).Assembly.Location);

        var pe = PeFile.TryRead(file)!;

        Assert.AreEqual(PeCode.IL, pe.Code);
        Assert.AreEqual(PeMachine.X86, pe.Machine);
        Assert.IsFalse(pe.Is64Bit);
        Assert.IsFalse(pe.Requires32Bit);
        Assert.IsFalse(pe.IsTruncated);
    }

    [TestMethod]
    public void The_core_library_has_native_code_for_this_machine_and_system()
    {
        using var file = File.OpenRead(typeof(object).Assembly.Location);

        var pe = PeFile.TryRead(file)!;

        Assert.AreEqual(PeCode.ReadyToRun, pe.Code);
        Assert.AreEqual(RuntimeInformation.ProcessArchitecture switch { Architecture.X64 => PeMachine.X64, Architecture.Arm64 => PeMachine.Arm64, _ => pe.Processor }, pe.Processor);
        Assert.AreEqual(OperatingSystem.IsLinux() ? PeOperatingSystem.Linux : OperatingSystem.IsMacOS() ? PeOperatingSystem.Apple : PeOperatingSystem.Windows, pe.OperatingSystem);
    }

    [TestMethod]
    public void Every_assembly_of_this_runtime_is_read_as_the_base_library_reads_it()
    {
        var files = Directory.GetFiles(RuntimeEnvironment.GetRuntimeDirectory(), "*.dll");
        foreach (var path in files)
        {
            using var file = File.OpenRead(path);
            var pe = PeFile.TryRead(file)!;
            file.Position = 0;
            using var reader = new PEReader(file, PEStreamOptions.LeaveOpen);
            var headers = reader.PEHeaders;

            Assert.AreEqual((int)headers.CoffHeader.Machine, pe.Machine, path);
            Assert.AreEqual(headers.PEHeader!.Magic is PEMagic.PE32Plus, pe.Is64Bit, path);
            Assert.AreEqual((int)headers.PEHeader.Subsystem, pe.Subsystem, path);
            Assert.AreEqual(headers.CorHeader is null, pe.Code is PeCode.Native, path);
            Assert.AreEqual(headers.CorHeader?.ManagedNativeHeaderDirectory.Size > 0, pe.Code is PeCode.ReadyToRun, path);
            Assert.IsFalse(pe.IsTruncated, path);
        }

        Assert.IsNotEmpty(files);
    }

    [TestMethod]
    [DataRow(PeMachine.X86, CorFlags.ILOnly, PeCode.IL, false)]
    [DataRow(PeMachine.X64, CorFlags.ILOnly, PeCode.IL, false)]
    [DataRow(PeMachine.Arm64, CorFlags.ILOnly, PeCode.IL, false)]
    [DataRow(PeMachine.X86, CorFlags.ILOnly | CorFlags.Requires32Bit, PeCode.IL, true)]
    [DataRow(PeMachine.X86, CorFlags.ILOnly | CorFlags.Requires32Bit | CorFlags.Prefers32Bit, PeCode.IL, false)]
    [DataRow(PeMachine.X64, (CorFlags)0, PeCode.Mixed, false)]
    public void Flags_say_what_an_assembly_is(int processor, CorFlags flags, PeCode code, bool requires32Bit)
    {
        var pe = Read(new SyntheticPe { Processor = processor, Flags = flags });

        Assert.AreEqual(code, pe.Code);
        Assert.AreEqual(processor, pe.Machine);
        Assert.AreEqual(processor != PeMachine.X86, pe.Is64Bit);
        Assert.AreEqual(requires32Bit, pe.Requires32Bit);
        Assert.IsFalse(pe.IsTruncated);
    }

    [TestMethod]
    public void The_machine_of_native_code_is_its_processor_XOR_its_system()
    {
        HashSet<int> machines = [];
        foreach (var processor in PeMachine.All)
        {
            foreach (var system in Enum.GetValues<PeOperatingSystem>())
            {
                var pe = Read(new SyntheticPe { Processor = processor, ReadyToRun = system, Flags = 0 });

                Assert.AreEqual(PeCode.ReadyToRun, pe.Code);
                Assert.AreEqual(processor, pe.Processor);
                Assert.AreEqual(system, pe.OperatingSystem);
                Assert.IsTrue(machines.Add(pe.Machine), "No two pairs make the same number.");
            }
        }

        Assert.Contains(0xFD1D, machines);
        Assert.Contains(0xD11D, machines);
    }

    [TestMethod]
    public void Parts_of_a_composite_image_say_so()
    {
        Assert.IsTrue(Read(new SyntheticPe { Processor = PeMachine.X64, ReadyToRun = PeOperatingSystem.Linux, IsComponent = true }).IsReadyToRunComponent);
        Assert.IsTrue(Read(new SyntheticPe { Processor = PeMachine.X64, ReadyToRun = PeOperatingSystem.Linux, IsFromAnyCpu = true }).IsFromAnyCpu);
        Assert.IsFalse(Read(new SyntheticPe { Processor = PeMachine.X64, ReadyToRun = PeOperatingSystem.Linux }).IsReadyToRunComponent);
    }

    [TestMethod]
    public void A_file_without_metadata_is_native()
    {
        Assert.AreEqual(PeCode.Native, Read(new SyntheticPe { IsAssembly = false }).Code);
        Assert.IsFalse(Read(new SyntheticPe { IsAssembly = false }).IsFirmware);
        Assert.IsTrue(Read(new SyntheticPe { IsAssembly = false, Subsystem = Subsystem.EfiApplication }).IsFirmware);
    }

    [TestMethod]
    [DataRow("")]
    [DataRow("MZ")]
    [DataRow("MZ is how the name of Mark Zbikowski begins, and many a text about the format of files that are named after him.")]
    [DataRow("#!/bin/sh")]
    public void What_is_no_PE_file_is_null(string text) => Assert.IsNull(PeFile.TryRead(new MemoryStream(System.Text.Encoding.UTF8.GetBytes(text))));

    [TestMethod]
    public void Every_truncation_is_read_without_a_fault_and_is_seen()
    {
        var whole = new SyntheticPe { Processor = PeMachine.X64, ReadyToRun = PeOperatingSystem.Linux }.ToBytes();
        for (var length = 0; length < whole.Length; length++)
        {
            Assert.IsTrue(PeFile.TryRead(new MemoryStream(whole, 0, length)) is null or { IsTruncated: true }, $"{length} of {whole.Length} bytes");
        }
    }

    private static PeFile Read(SyntheticPe file) => PeFile.TryRead(new MemoryStream(file.ToBytes()))!;
}
