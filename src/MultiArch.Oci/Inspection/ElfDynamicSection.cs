namespace MultiArch.Oci.Inspection;

/// <summary>What the dynamic loader is told.</summary>
/// <remarks>https://refspecs.linuxfoundation.org/elf/gabi4+/ch5.dynamic.html#dynamic_section</remarks>
internal sealed class ElfDynamicSection
{
    private const int MaxBytes = 64 * 1024;
    private const int MaxNeeded = 1024;

    private const ulong TagNeeded = 1;
    private const ulong TagStrings = 5;
    private const ulong TagStringsSize = 10;
    private const ulong TagSharedObjectName = 14;
    private const ulong TagRPath = 15;
    private const ulong TagRunPath = 29;
    private const ulong TagFlags1 = 0x6FFF_FFFB;
    private const ulong TagDefinedVersions = 0x6FFF_FFFC;
    private const ulong TagDefinedVersionsCount = 0x6FFF_FFFD;
    private const ulong TagRequiredVersions = 0x6FFF_FFFE;
    private const ulong TagRequiredVersionsCount = 0x6FFF_FFFF;
    private const ulong PositionIndependent = 0x0800_0000;

    private readonly List<ulong> _needed = [];
    private readonly Dictionary<ulong, ulong> _values = [];

    public bool IsPositionIndependentExecutable => ((ValueOf(TagFlags1) ?? 0) & PositionIndependent) != 0;

    public string? SharedObjectName { get; private set; }

    public IReadOnlyList<string> Needed { get; private set; } = [];

    public IReadOnlyList<string> RPath { get; private set; } = [];

    public IReadOnlyList<string> RunPath { get; private set; } = [];

    public IReadOnlyList<ElfSymbolVersion> RequiredVersions { get; private set; } = [];

    public IReadOnlyList<string> DefinedVersions { get; private set; } = [];

    /// <param name="section">Where it lies in the file.</param>
    /// <param name="loaded">The segments that its addresses point into.</param>
    public static ElfDynamicSection Read(BoundedFile file, ElfFormat format, ElfSegment section, IReadOnlyList<ElfSegment> loaded)
    {
        var dynamic = new ElfDynamicSection();
        dynamic.ReadEntries(file.Read(section.Offset, section.Size, MaxBytes), format);
        if (dynamic.ValueOf(TagStrings) is { } address && ElfSegment.OffsetOf(address, loaded) is { } offset)
        {
            var strings = new ElfStrings(file, offset, dynamic.ValueOf(TagStringsSize) ?? 0);
            dynamic.ReadNames(strings);
            dynamic.ReadVersions(new ElfVersionTables(file, format, strings), loaded);
        }

        return dynamic;
    }

    private ulong? ValueOf(ulong tag) => _values.TryGetValue(tag, out var value) ? value : null;

    private void ReadEntries(byte[] table, ElfFormat format)
    {
        var size = format.WordSize;
        var fields = format.Fields(table);
        for (var at = 0; at + (2 * size) <= table.Length && fields.Address(at) is not 0 and var tag; at += 2 * size)
        {
            var value = fields.Address(at + size);
            if (tag is not TagNeeded)
            {
                _values.TryAdd(tag, value);
            }
            else if (_needed.Count < MaxNeeded)
            {
                _needed.Add(value);
            }
        }
    }

    private void ReadNames(ElfStrings strings)
    {
        Needed = [.. _needed.Select(strings.Read).OfType<string>()];
        SharedObjectName = ValueOf(TagSharedObjectName) is { } name ? strings.Read(name) : null;
        RPath = Folders(TagRPath);
        RunPath = Folders(TagRunPath);

        string[] Folders(ulong tag) => ValueOf(tag) is { } at ? strings.Read(at)?.Split(':', StringSplitOptions.RemoveEmptyEntries) ?? [] : [];
    }

    private void ReadVersions(ElfVersionTables tables, IReadOnlyList<ElfSegment> loaded)
    {
        if (ValueOf(TagRequiredVersions) is { } required && ElfSegment.OffsetOf(required, loaded) is { } requiredAt)
        {
            RequiredVersions = tables.ReadRequired(requiredAt, ValueOf(TagRequiredVersionsCount) ?? 0);
        }

        if (ValueOf(TagDefinedVersions) is { } defined && ElfSegment.OffsetOf(defined, loaded) is { } definedAt)
        {
            DefinedVersions = tables.ReadDefined(definedAt, ValueOf(TagDefinedVersionsCount) ?? 0);
        }
    }
}
