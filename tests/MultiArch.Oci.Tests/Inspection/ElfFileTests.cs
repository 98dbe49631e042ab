using System.Runtime.InteropServices;
using MultiArch.Oci.Inspection;
using MultiArch.Oci.Tests.Layers;
using MultiArch.Testing;

namespace MultiArch.Oci.Tests.Inspection;

[TestClass]
public sealed class ElfFileTests
{
    [TestMethod]
    [DataRow(true, true)]
    [DataRow(true, false)]
    [DataRow(false, true)]
    [DataRow(false, false)]
    public void Both_classes_and_both_byte_orders_are_read(bool is64Bit, bool isLittleEndian)
    {
        var bytes = SyntheticElf.Make(3, 0x1234, "/lib/ld-test.so.1", isPie: true, is64Bit, isLittleEndian, flags: 0x0500_0400);

        var elf = ElfFile.TryRead(bytes)!;

        Assert.AreEqual(is64Bit, elf.Is64Bit);
        Assert.AreEqual(isLittleEndian, elf.IsLittleEndian);
        Assert.AreEqual(3, elf.Type);
        Assert.AreEqual(0x1234, elf.Machine);
        Assert.AreEqual(0x0500_0400u, elf.Flags);
        Assert.AreEqual("/lib/ld-test.so.1", elf.Interpreter);
        Assert.IsTrue(elf.IsPositionIndependentExecutable);
        Assert.IsFalse(elf.IsTruncated);
    }

    [TestMethod]
    public void The_shell_of_this_machine_is_a_program_with_a_loader()
    {
        RequireLinux();
        using var file = File.OpenRead("/bin/sh");

        var elf = ElfFile.TryRead(file)!;

        Assert.AreEqual(RuntimeInformation.OSArchitecture switch { Architecture.X64 => 62, Architecture.Arm64 => 183, _ => elf.Machine }, elf.Machine);
        Assert.IsTrue(elf.Is64Bit);
        Assert.IsTrue(elf.IsLittleEndian);
        Assert.IsTrue(elf.IsExecutable);
        Assert.IsTrue(File.Exists(elf.Interpreter), elf.Interpreter);
    }

    [TestMethod]
    public void A_library_of_this_runtime_is_no_program()
    {
        RequireLinux();
        using var file = File.OpenRead(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "libcoreclr.so"));

        var elf = ElfFile.TryRead(file)!;

        Assert.AreEqual(ElfFile.SharedObject, elf.Type);
        Assert.IsFalse(elf.HasInterpreter);
        Assert.IsFalse(elf.IsExecutable);
    }

    [TestMethod]
    public void A_static_program_that_loads_anywhere_is_a_program()
    {
        Tool.Require("gcc");
        using var folder = new TempDirectory();
        var source = folder.Write("main.c", "int main(void) { return 0; }");
        if (Shell.Run("gcc", ["-static-pie", "-o", folder["main"], source]).ExitCode != 0)
        {
            Assert.Inconclusive("This gcc cannot link -static-pie.");
        }

        using var file = File.OpenRead(folder["main"]);
        var elf = ElfFile.TryRead(file)!;

        Assert.AreEqual(ElfFile.SharedObject, elf.Type);
        Assert.IsFalse(elf.HasInterpreter);
        Assert.IsTrue(elf.IsExecutable);
    }

    [TestMethod]
    public void Program_headers_may_lie_anywhere()
    {
        var bytes = SyntheticElf.Make(3, interpreter: "/lib/ld.so", gap: 500_000);

        Assert.AreEqual("/lib/ld.so", ElfFile.TryRead(bytes)!.Interpreter);
        Assert.IsFalse(ElfFile.TryRead(bytes.AsSpan(0, 4096))!.HasInterpreter);
    }

    [TestMethod]
    public void Every_truncation_of_a_real_head_is_read_without_a_fault()
    {
        RequireLinux();
        var head = new byte[4096];
        using (var file = File.OpenRead("/bin/sh"))
        {
            file.ReadExactly(head);
        }

        var whole = ElfFile.TryRead(head)!;
        for (var length = 0; length <= head.Length; length++)
        {
            var elf = ElfFile.TryRead(head.AsSpan(0, length));

            Assert.AreEqual(length >= 64, elf is not null, $"{length} bytes");
            Assert.IsTrue(elf?.Interpreter is null || elf.Interpreter == whole.Interpreter, $"{length} bytes");
        }

        Assert.IsNotNull(whole.Interpreter);
    }

    [TestMethod]
    public void Hostile_heads_neither_throw_nor_allocate()
    {
        var random = new Random(42);
        var seeds = new[] { true, false }.Select(is64Bit => SyntheticElf.Make(3, interpreter: "/lib/ld.so", isPie: true, is64Bit: is64Bit)).ToArray();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 50_000; i++)
        {
            var bytes = (byte[])seeds[i % 2].Clone();
            for (var change = random.Next(1, 12); change > 0; change--)
            {
                bytes[random.Next(4, bytes.Length)] = (byte)(random.Next(3) == 0 ? 0xFF : random.Next(256));
            }

            ElfFile.TryRead(bytes);
        }

        Assert.IsLessThan(50_000 * 8_000L, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [TestMethod]
    public void Claims_beyond_the_file_are_not_believed()
    {
        var bytes = SyntheticElf.Make(3, interpreter: "/lib/ld.so", isPie: true);
        bytes.AsSpan(64 + 8, 8).Fill(0xFF);
        bytes.AsSpan(64 + 56 + 32, 8).Fill(0x7F);
        bytes.AsSpan(56, 2).Fill(0xFF);

        var elf = ElfFile.TryRead(bytes)!;

        Assert.IsTrue(elf.HasInterpreter);
        Assert.IsNull(elf.Interpreter);
        Assert.IsFalse(elf.IsPositionIndependentExecutable);
    }

    [TestMethod]
    [DataRow("")]
    [DataRow("MZ")]
    [DataRow("#!/bin/sh")]
    [DataRow("\u007FELF")]
    [DataRow("/* GNU ld script */ GROUP ( libc.so.6 )")]
    public void What_is_no_ELF_file_is_null(string text) => Assert.IsNull(ElfFile.TryRead(System.Text.Encoding.UTF8.GetBytes(text)));

    private static void RequireLinux()
    {
        if (!OperatingSystem.IsLinux())
        {
            Assert.Inconclusive("This reads ELF files of the running system.");
        }
    }
}
