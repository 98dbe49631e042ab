namespace MultiArch.Oci.Inspection;

/// <summary>Reads at offsets of a file that may be cut short or lie about itself: nothing beyond its end, and no more than a number of bytes in all.</summary>
/// <param name="stream">Can seek; its position is changed.</param>
/// <param name="budget">Bytes. When they are spent, every read fails.</param>
internal sealed class BoundedFile(Stream stream, int budget)
{
    private int _budget = budget;

    /// <summary>Bytes of the whole file.</summary>
    public ulong Length { get; } = (ulong)stream.Length;

    public bool Contains(ulong offset, ulong size) => offset <= Length && size <= Length - offset;

    /// <summary>Up to so many bytes of a part of the file.</summary>
    /// <returns>Empty when the part reaches beyond the file, before anything is allocated for it.</returns>
    public byte[] Read(ulong offset, ulong size, int max)
    {
        if (!Contains(offset, size))
        {
            return [];
        }

        var bytes = new byte[Math.Min(size, (ulong)max)];
        return Fill(offset, bytes) == bytes.Length ? bytes : [];
    }

    /// <returns>Bytes read; none when the budget does not reach.</returns>
    public int Fill(ulong offset, Span<byte> buffer)
    {
        if (buffer.Length > _budget || !Contains(offset, (ulong)buffer.Length))
        {
            return 0;
        }

        _budget -= buffer.Length;
        stream.Position = (long)offset;
        return stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
    }
}
