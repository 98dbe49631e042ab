using System.Text;

namespace MultiArch.Oci.Inspection;

/// <summary>Reads an ELF file by its program headers, as a kernel and a dynamic loader do.</summary>
internal sealed class ElfReader
{
    private const int MaxPrograms = 1024;
    private const int MaxSections = 1024;
    private const int MaxInterpreterBytes = 1024;

    private const uint ProgramLoad = 1;
    private const uint ProgramDynamic = 2;
    private const uint ProgramInterpreter = 3;

    private const uint SectionNoBits = 8;
    private const ulong SectionThreadLocal = 0x400;

    private readonly BoundedFile _file;
    private readonly FileWindow _head;
    private readonly ElfFormat _format;
    private readonly List<ElfSegment> _segments = [];
    private ElfSegment? _dynamic;
    private ElfSegment? _interpreter;
    private bool _isTruncated;

    private ElfReader(BoundedFile file, FileWindow head, ElfFormat format) => (_file, _head, _format) = (file, head, format);

    /// <inheritdoc cref="ElfFile.TryRead(Stream)"/>
    /// <param name="head">Of the same file.</param>
    public static ElfFile? TryRead(BoundedFile file, FileWindow head)
    {
        var identity = head.Peek(0, 16);
        if (!identity.StartsWith(ElfFile.Magic) || identity[4] is not (1 or 2) || identity[5] is not (1 or 2))
        {
            return null;
        }

        var format = new ElfFormat(identity[4] == 2, identity[5] == 1);
        var header = head.Peek(0, format.Is64Bit ? 64 : 52);
        return header.IsEmpty ? null : new ElfReader(file, head, format).Read(header.ToArray());
    }

    private ElfFile Read(byte[] header)
    {
        var fields = _format.Fields(header);
        var (programs, sections, counts) = _format.Is64Bit ? (32, 40, 54) : (28, 32, 42);
        ReadPrograms(fields.Address(programs), fields.Half(counts), fields.Half(counts + 2));
        var isDebugInformation = IsWithoutContent(fields.Address(sections), fields.Half(counts + 4), fields.Half(counts + 6));
        var dynamic = _dynamic is { } segment && !isDebugInformation ? ElfDynamicSection.Read(_file, _format, segment, _segments) : new ElfDynamicSection();
        return new ElfFile
        {
            Is64Bit = _format.Is64Bit,
            IsLittleEndian = _format.IsLittleEndian,
            OSAbi = header[7],
            Type = fields.Half(16),
            Machine = fields.Half(18),
            Flags = fields.Word(_format.Is64Bit ? 48 : 36),
            HasInterpreter = _interpreter is not null,
            Interpreter = isDebugInformation ? null : ReadInterpreter(),
            IsPositionIndependentExecutable = dynamic.IsPositionIndependentExecutable,
            SharedObjectName = dynamic.SharedObjectName,
            Needed = dynamic.Needed,
            RPath = dynamic.RPath,
            RunPath = dynamic.RunPath,
            RequiredVersions = dynamic.RequiredVersions,
            DefinedVersions = dynamic.DefinedVersions,
            IsDebugInformation = isDebugInformation,
            IsTruncated = _isTruncated,
        };
    }

    /// <param name="entrySize">Kernels and loaders refuse a file with another one than they know.</param>
    private void ReadPrograms(ulong table, int entrySize, int count)
    {
        var size = _format.Is64Bit ? 56 : 32;
        if (entrySize != size || table > _file.Length)
        {
            _isTruncated |= entrySize == size && count > 0;
            return;
        }

        var present = (int)Math.Min((ulong)Math.Min(count, MaxPrograms), (_file.Length - table) / (ulong)size);
        _isTruncated |= present < Math.Min(count, MaxPrograms);
        for (var i = 0; i < present && _head.Peek(table + (ulong)(i * size), size) is { IsEmpty: false } entry; i++)
        {
            Add(_format.Fields(entry));
        }
    }

    private void Add(ElfFields program)
    {
        var kind = program.Word(0);
        if (kind is not (ProgramLoad or ProgramDynamic or ProgramInterpreter))
        {
            return;
        }

        var segment = _format.Is64Bit
            ? new ElfSegment(program.Address(8), program.Address(16), program.Address(32))
            : new ElfSegment(program.Address(4), program.Address(8), program.Address(16));
        switch (kind)
        {
            case ProgramLoad:
                _segments.Add(segment);
                _isTruncated |= segment.Size > 0 && !_file.Contains(segment.Offset, segment.Size);
                break;
            case ProgramDynamic:
                _dynamic ??= segment;
                break;
            default:
                _interpreter ??= segment;
                break;
        }
    }

    /// <summary>Whether the sections say that what the program headers point at was taken out.</summary>
    private bool IsWithoutContent(ulong table, int entrySize, int count)
    {
        if ((_dynamic ?? _interpreter) is not { } segment || entrySize != (_format.Is64Bit ? 64 : 40) || count is 0 or > MaxSections)
        {
            return false;
        }

        var sections = _file.Read(table, (ulong)(count * entrySize), count * entrySize);
        for (var at = 0; at < sections.Length; at += entrySize)
        {
            var section = _format.Fields(sections.AsSpan(at, entrySize));
            // .tbss has no room of its own: it begins at the address of the section that follows.
            var isThreadLocal = (section.Address(8) & SectionThreadLocal) != 0;
            if (section.Word(4) == SectionNoBits && !isThreadLocal && section.Address(_format.Is64Bit ? 16 : 12) == segment.Address)
            {
                return true;
            }
        }

        return false;
    }

    private string? ReadInterpreter()
    {
        if (_interpreter is not { } segment)
        {
            return null;
        }

        if (!_file.Contains(segment.Offset, segment.Size))
        {
            return null;
        }

        var text = _head.PeekText(segment.Offset, (int)Math.Min(MaxInterpreterBytes, segment.Size));
        return text.IsEmpty ? null : Encoding.UTF8.GetString(text);
    }
}
