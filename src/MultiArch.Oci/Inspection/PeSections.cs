using System.Buffers.Binary;

namespace MultiArch.Oci.Inspection;

/// <summary>Where the parts of a PE file lie in memory.</summary>
internal sealed class PeSections
{
    private const int Size = 40;

    private readonly List<(uint Address, uint Size, uint Offset)> _sections = [];

    /// <summary>Whether one of them, or their table, reaches beyond the end of the file.</summary>
    public bool IsTruncated { get; private set; }

    public static PeSections Read(BoundedFile file, FileWindow head, ulong table, int count)
    {
        var sections = new PeSections();
        for (var i = 0; i < count; i++)
        {
            var entry = head.Peek(table + (ulong)(i * Size), Size);
            if (entry.IsEmpty)
            {
                sections.IsTruncated = true;
                break;
            }

            var (address, size, offset) = (Word(entry, 12), Word(entry, 16), Word(entry, 20));
            sections._sections.Add((address, size, offset));
            sections.IsTruncated |= offset != 0 && !file.Contains(offset, size);
        }

        return sections;
    }

    /// <returns>Null when the address lies in none of them.</returns>
    public ulong? OffsetOf(uint address)
    {
        foreach (var section in _sections)
        {
            if (address >= section.Address && address - section.Address < section.Size)
            {
                return (ulong)section.Offset + (address - section.Address);
            }
        }

        return null;
    }

    private static uint Word(ReadOnlySpan<byte> bytes, int offset) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[offset..]);
}
