using System.Text;
using MultiArch.Oci.Inspection;

namespace MultiArch.Oci.Tests.Inspection;

/// <summary>The smallest ELF files that say something, in every class and byte order. They have no section headers.</summary>
internal sealed record SyntheticElf
{
    private const ulong BaseAddress = 0x40_0000;

    public ushort Type { get; init; } = 3;

    public ushort Machine { get; init; } = 62;

    public byte OSAbi { get; init; }

    public string? Interpreter { get; init; }

    public bool IsPie { get; init; }

    public bool Is64Bit { get; init; } = true;

    public bool IsLittleEndian { get; init; } = true;

    public uint Flags { get; init; }

    /// <summary>Bytes between the header and the program headers.</summary>
    public int Gap { get; init; }

    public string? SharedObjectName { get; init; }

    public string? RPath { get; init; }

    public string? RunPath { get; init; }

    public IReadOnlyList<string> Needed { get; init; } = [];

    public IReadOnlyList<ElfSymbolVersion> RequiredVersions { get; init; } = [];

    public IReadOnlyList<string> DefinedVersions { get; init; } = [];

    public static byte[] Make(ushort type, ushort machine = 62, string? interpreter = null, bool isPie = false, bool is64Bit = true, bool isLittleEndian = true, uint flags = 0, int gap = 0) =>
        new SyntheticElf { Type = type, Machine = machine, Interpreter = interpreter, IsPie = isPie, Is64Bit = is64Bit, IsLittleEndian = isLittleEndian, Flags = flags, Gap = gap }.ToBytes();

    public byte[] ToBytes()
    {
        var (headerSize, programSize) = Is64Bit ? (64, 56) : (52, 32);
        var strings = new StringTable();
        var dynamic = DynamicEntries(strings);
        var programs = (Interpreter is null ? 0 : 1) + (dynamic.Count == 0 ? 0 : 1) + 1;
        var interpreter = Interpreter is null ? [] : Encoding.UTF8.GetBytes(Interpreter + '\0');
        var interpreterAt = headerSize + Gap + (programs * programSize);
        var dynamicAt = interpreterAt + interpreter.Length;
        var dynamicSize = dynamic.Count == 0 ? 0 : (dynamic.Count + 1) * 2 * (Is64Bit ? 8 : 4);
        var versionsAt = dynamicAt + dynamicSize;
        var required = RequiredTable(strings);
        var defined = DefinedTable(strings);
        var stringsAt = versionsAt + required.Length + defined.Length;

        var file = new EndianWriter(Is64Bit, IsLittleEndian);
        file.Bytes(0x7F, (byte)'E', (byte)'L', (byte)'F', (byte)(Is64Bit ? 2 : 1), (byte)(IsLittleEndian ? 1 : 2), 1, OSAbi, 0, 0, 0, 0, 0, 0, 0, 0)
            .Half(Type).Half(Machine).Word(1).Address(0).Address((ulong)(headerSize + Gap)).Address(0).Word(Flags)
            .Half((ushort)headerSize).Half((ushort)programSize).Half((ushort)programs).Half(0).Half(0).Half(0).Bytes(new byte[Gap]);
        if (Interpreter is not null)
        {
            Program(file, 3, interpreterAt, interpreter.Length);
        }

        if (dynamic.Count > 0)
        {
            Program(file, 2, dynamicAt, dynamicSize);
        }

        Program(file, 1, 0, stringsAt + strings.Length);
        file.Bytes(interpreter);
        foreach (var (tag, value) in dynamic)
        {
            file.Address(tag).Address(tag switch
            {
                5 => BaseAddress + (ulong)stringsAt,
                10 => (ulong)strings.Length,
                0x6FFF_FFFE => BaseAddress + (ulong)versionsAt,
                0x6FFF_FFFC => BaseAddress + (ulong)(versionsAt + required.Length),
                _ => value,
            });
        }

        return file.Bytes(new byte[stringsAt - file.Length - required.Length - defined.Length]).Bytes(required).Bytes(defined).Bytes(strings.ToBytes()).ToBytes();
    }

    private List<(ulong Tag, ulong Value)> DynamicEntries(StringTable strings)
    {
        List<(ulong Tag, ulong Value)> entries = [.. Needed.Select(name => (1UL, strings.Add(name)))];
        AddName(14, SharedObjectName);
        AddName(15, RPath);
        AddName(29, RunPath);
        if (RequiredVersions.Count > 0)
        {
            entries.AddRange([(0x6FFF_FFFE, 0), (0x6FFF_FFFF, (ulong)RequiredVersions.DistinctBy(version => version.Library).Count())]);
        }

        if (DefinedVersions.Count > 0)
        {
            entries.AddRange([(0x6FFF_FFFC, 0), (0x6FFF_FFFD, (ulong)DefinedVersions.Count + 1)]);
        }

        if (entries.Count > 0)
        {
            entries.AddRange([(5, 0), (10, 0)]);
        }

        if (IsPie)
        {
            entries.Add((0x6FFF_FFFB, 0x0800_0001));
        }

        return entries;

        void AddName(ulong tag, string? name)
        {
            if (name is not null)
            {
                entries.Add((tag, strings.Add(name)));
            }
        }
    }

    private byte[] RequiredTable(StringTable strings)
    {
        var table = new EndianWriter(Is64Bit, IsLittleEndian);
        var libraries = RequiredVersions.GroupBy(version => version.Library).ToList();
        foreach (var library in libraries)
        {
            var versions = library.ToList();
            table.Half(1).Half((ushort)versions.Count).Word((uint)strings.Add(library.Key)).Word(16).Word(library == libraries[^1] ? 0 : (uint)(16 + (16 * versions.Count)));
            foreach (var version in versions)
            {
                table.Word(0).Half(version.IsWeak ? (ushort)2 : (ushort)0).Half(2).Word((uint)strings.Add(version.Name)).Word(version == versions[^1] ? 0 : 16u);
            }
        }

        return table.ToBytes();
    }

    private byte[] DefinedTable(StringTable strings)
    {
        var table = new EndianWriter(Is64Bit, IsLittleEndian);
        string[] names = DefinedVersions.Count == 0 ? [] : [SharedObjectName ?? "base", .. DefinedVersions];
        for (var i = 0; i < names.Length; i++)
        {
            table.Half(1).Half(i == 0 ? (ushort)1 : (ushort)0).Half((ushort)(i + 1)).Half(1).Word(0).Word(20).Word(i == names.Length - 1 ? 0 : 28u)
                .Word((uint)strings.Add(names[i])).Word(0);
        }

        return table.ToBytes();
    }

    private void Program(EndianWriter file, uint kind, int offset, int size)
    {
        file.Word(kind);
        if (Is64Bit)
        {
            file.Word(4);
        }

        var address = BaseAddress + (ulong)offset;
        file.Address((ulong)offset).Address(address).Address(address).Address((ulong)size).Address((ulong)size);
        if (!Is64Bit)
        {
            file.Word(4);
        }

        file.Address(0x1000);
    }
}
