using System.Buffers.Binary;
using MultiArch.Oci.Contents;
using MultiArch.Oci.Inspection;
using MultiArch.Oci.Tests.Inspection;

namespace MultiArch.Oci.Tests.Contents;

/// <summary>A layer is read once and forwards, and headers point anywhere.</summary>
[TestClass]
public sealed class HeaderHookTests
{
    public required TestContext TestContext { get; init; }

    [TestMethod]
    public async Task A_stream_tells_what_a_file_tells()
    {
        List<byte[]> files =
        [
            .. SyntheticPlatform.Elf.Values.Select(elf => (elf with { Interpreter = "/lib/ld", Needed = ["libc.so.6"], DefinedVersions = ["GLIBC_2.36"] }).ToBytes()),
            new SyntheticPe().ToBytes(),
            new SyntheticPe { Processor = PeMachine.Arm64, ReadyToRun = PeOperatingSystem.Linux }.ToBytes(),
            [0xCF, 0xFA, 0xED, 0xFE, 0x0C, 0, 0, 1, 0, 0, 0, 0],
            [0x7F, .. "ELF"u8, 9, 9, 9, 9],
        ];
        foreach (var bytes in files)
        {
            var read = await ReadAsync(bytes);

            Assert.IsNotNull(read);
            Assert.AreEqual(Describe(BinaryFile.TryRead(new MemoryStream(bytes))!), Describe(read));
        }
    }

    [TestMethod]
    public async Task What_lies_behind_the_part_that_is_held_is_found_by_the_headers()
    {
        var file = new SyntheticElf { Interpreter = "/lib64/ld-linux-x86-64.so.2", Needed = ["libfar.so.1"] }.ToBytes();
        var (bytes, offset) = (new byte[40 << 20], 36 << 20);
        file.CopyTo(bytes, 0);
        for (var at = 64; at < 64 + (3 * 56); at += 56)
        {
            if (BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at)) == 2)
            {
                // The dynamic section moves to the far end; its names stay where they were.
                var (from, size) = ((int)BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(at + 8)), (int)BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(at + 32)));
                bytes.AsSpan(from, size).CopyTo(bytes.AsSpan(offset));
                bytes.AsSpan(from, size).Clear();
                BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(at + 8), (ulong)offset);
            }
        }

        var read = (ElfFile)(await ReadAsync(bytes))!;

        Assert.AreEqual("libfar.so.1", read.Needed.Single());
        Assert.AreEqual("/lib64/ld-linux-x86-64.so.2", read.Interpreter);
        Assert.IsFalse(read.IsTruncated);
    }

    [TestMethod]
    public async Task A_file_that_is_larger_than_what_is_held_is_not_taken_for_one_that_was_cut_off()
    {
        var bytes = new byte[34 << 20];
        SyntheticElf.Make(2, gap: 33 << 20)[..64].CopyTo(bytes, 0); // the program headers lie behind

        Assert.AreEqual(62, ((ElfFile)(await ReadAsync(bytes))!).Machine);
    }

    [TestMethod]
    public async Task Of_a_file_that_is_no_binary_four_bytes_are_read()
    {
        using var text = new MemoryStream("# comment and so on"u8.ToArray());

        Assert.IsNull((await HeaderHook.ReadAsync(text, text.Length, TestContext.CancellationToken)).Binary);
        Assert.AreEqual(4, text.Position);
        Assert.IsNull(await ReadAsync("ab"u8.ToArray()));
        Assert.IsNull(await ReadAsync([]));
    }

    [TestMethod]
    [DataRow("#!/bin/sh -e\nexit", "/bin/sh -e")]
    [DataRow("#! \t/bin/sh\r\n", "/bin/sh")]
    [DataRow("#!/bin/sh", "/bin/sh")]
    [DataRow("#!/a\0/b\n", "/a")]
    [DataRow("#!  \n/bin/sh", null)]
    [DataRow(" #!/bin/sh", null)]
    public async Task Of_a_script_the_first_line_is_read(string text, string? interpreter)
    {
        var bytes = System.Text.Encoding.UTF8.GetBytes(text);
        await using var stream = new ForwardStream(bytes);

        Assert.AreEqual((null, interpreter), await HeaderHook.ReadAsync(stream, bytes.Length, TestContext.CancellationToken));
    }

    [TestMethod]
    public async Task Of_a_script_no_more_is_read_than_the_kernel_reads()
    {
        using var script = new MemoryStream([.. "#!/bin/"u8, .. Enumerable.Repeat((byte)'x', 1 << 20)]);

        Assert.AreEqual(254, (await HeaderHook.ReadAsync(script, script.Length, TestContext.CancellationToken)).Interpreter!.Length);
        Assert.AreEqual(256, script.Position);
    }

    [TestMethod]
    public async Task A_file_that_ends_early_is_unreadable()
    {
        var bytes = SyntheticElf.Make(2);
        using var stream = new MemoryStream(bytes[..20]);

        Assert.IsInstanceOfType<UnreadableFile>((await HeaderHook.ReadAsync(stream, bytes.Length, TestContext.CancellationToken)).Binary);
    }

    [TestMethod]
    public async Task Headers_that_point_anywhere_harm_nothing()
    {
        var random = new Random(1);
        var file = SyntheticPlatform.Elf["linux/amd64"] with { Interpreter = "/lib/ld", Needed = ["a"] };
        var bytes = new byte[33 << 20];
        for (var i = 0; i < 30; i++)
        {
            file.ToBytes().CopyTo(bytes, 0);
            for (var change = 0; change < 12; change++)
            {
                bytes[random.Next(16, 300)] = (byte)random.Next(256);
            }

            await ReadAsync(bytes);
        }
    }

    private static string Describe(BinaryFile file) => file switch
    {
        ElfFile elf => $"{elf.Machine} {elf.Interpreter} {string.Join(',', elf.Needed)} {string.Join(',', elf.DefinedVersions)} {elf.IsTruncated}",
        PeFile pe => $"{pe.Machine} {pe.Code} {pe.IsTruncated}",
        MachOFile machO => string.Join(',', machO.Architectures),
        _ => file.GetType().Name,
    };

    private async Task<BinaryFile?> ReadAsync(byte[] bytes)
    {
        // Forwards alone, as a layer is read.
        await using var stream = new ForwardStream(bytes);
        return (await HeaderHook.ReadAsync(stream, bytes.Length, TestContext.CancellationToken)).Binary;
    }

    private sealed class ForwardStream(byte[] bytes) : MemoryStream(bytes, writable: false)
    {
        public override bool CanSeek => false;

        public override long Seek(long offset, SeekOrigin loc) => throw new NotSupportedException();
    }
}
