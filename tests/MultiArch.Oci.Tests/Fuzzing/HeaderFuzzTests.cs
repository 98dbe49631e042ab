using System.Globalization;
using MultiArch.Oci.Inspection;
using MultiArch.Oci.Tests.Inspection;

namespace MultiArch.Oci.Tests.Fuzzing;

/// <summary>
/// Whatever a file claims, its headers are read within bounds or not at all, and something can be said of it. MULTIARCH_FUZZ_RUNS makes it
/// longer, MULTIARCH_FUZZ_SEED another one.
/// </summary>
[TestClass]
public sealed class HeaderFuzzTests(TestContext context)
{
    private const int MaxBytes = 1024 * 1024;

    private static readonly SyntheticElf Elf = new()
    {
        Interpreter = "/lib64/ld-linux-x86-64.so.2",
        IsPie = true,
        SharedObjectName = "libx.so.1",
        RunPath = "$ORIGIN",
        Needed = ["libstdc++.so.6", "libc.so.6", "ld-linux-x86-64.so.2"],
        RequiredVersions = [new("libc.so.6", "GLIBC_2.34"), new("libc.so.6", "GLIBC_2.2.5"), new("libstdc++.so.6", "GLIBCXX_3.4.30")],
        DefinedVersions = ["X_1", "X_2"],
    };

    private static readonly PlatformInspector[] Inspectors =
        [.. SyntheticPlatform.Elf.Keys.SelectMany(name => new[] { CLibrary.Glibc, CLibrary.Musl }, (name, library) => new PlatformInspector(SyntheticPlatform.Find(name, library)))];

    [TestMethod]
    public void Headers_are_read_within_bounds_or_not_at_all()
    {
        byte[][] right =
        [
            Elf.ToBytes(),
            (Elf with { Is64Bit = false, IsLittleEndian = false }).ToBytes(),
            new SyntheticPe().ToBytes(),
            new SyntheticPe { Processor = PeMachine.X64, ReadyToRun = PeOperatingSystem.Linux, Flags = 0 }.ToBytes(),
            Convert.FromHexString("CAFEBABE000000020100000700000003000040000000800000000000" + "0100000C00000000000100000000800000000000"),
            Head("/bin/sh"),
            Head(typeof(object).Assembly.Location),
        ];
        var files = 0;
        foreach (var input in new BinaryMutations(Setting("MULTIARCH_FUZZ_SEED", 1), right).Take(Setting("MULTIARCH_FUZZ_RUNS", 10_000)))
        {
            try
            {
                using var stream = new CountedStream(input);
                var file = BinaryFile.TryRead(stream);
                Assert.IsLessThanOrEqualTo(MaxBytes, stream.Count);
                files += file is null ? 0 : 1;
                foreach (var inspector in Inspectors)
                {
                    var fault = inspector.Inspect("/app/x", file);
                    Assert.IsTrue(fault is null || (fault.Found.Length > 0 && fault.Texts.Count > 0));
                }
            }
            catch (Exception)
            {
                context.WriteLine($"The input: {Convert.ToBase64String(input)}");
                throw;
            }
        }

        Assert.IsGreaterThan(1000, files, "Most of them still are files of some kind.");
    }

    /// <summary>Every structure that holds a list or a distance, each made endless.</summary>
    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void Lists_without_an_end_are_left(bool is64Bit)
    {
        var whole = (Elf with { Is64Bit = is64Bit }).ToBytes();
        for (var at = 16; at < whole.Length; at++)
        {
            foreach (var value in new byte[] { 0, 1, 0x10, 0x7F, 0xFF })
            {
                var bytes = (byte[])whole.Clone();
                bytes.AsSpan(at, Math.Min(4, bytes.Length - at)).Fill(value);
                using var stream = new CountedStream(bytes);

                BinaryFile.TryRead(stream);

                Assert.IsLessThanOrEqualTo(MaxBytes, stream.Count, $"{value} at {at}");
            }
        }
    }

    /// <summary>The first bytes of a real file, where there is one; the rest of it counts as cut off.</summary>
    private static byte[] Head(string path)
    {
        if (!File.Exists(path))
        {
            return Elf.ToBytes();
        }

        using var file = File.OpenRead(path);
        var bytes = new byte[Math.Min(file.Length, 16 * 1024)];
        file.ReadExactly(bytes);
        return bytes;
    }

    private static int Setting(string variable, int otherwise) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value ? int.Parse(value, CultureInfo.InvariantCulture) : otherwise;

    private sealed class CountedStream(byte[] bytes) : MemoryStream(bytes, writable: false)
    {
        public long Count { get; private set; }

        public override int Read(Span<byte> buffer)
        {
            var count = base.Read(buffer);
            Count += count;
            return count;
        }
    }
}
