namespace MultiArch.Oci.Contents;

/// <summary>Tells the first block of a tar from that of any other file.</summary>
/// <remarks>https://www.gnu.org/software/tar/manual/html_node/Standard.html</remarks>
internal static class TarHeader
{
    private const int ChecksumOffset = 148;
    private const int ChecksumLength = 8;
    private const int MagicOffset = 257;

    /// <summary>By its magic, or by its checksum: the oldest tars have no magic, and a header with one that is damaged is of a tar all the same.</summary>
    public static bool IsLikely(ReadOnlySpan<byte> header) => header[MagicOffset..].StartsWith("ustar"u8) || HasChecksum(header);

    private static bool HasChecksum(ReadOnlySpan<byte> header)
    {
        // As if its own field were blank; some old tars took bytes as signed.
        var (unsigned, signed) = (ChecksumLength * ' ', ChecksumLength * ' ');
        for (var i = 0; i < header.Length; i++)
        {
            if (i is < ChecksumOffset or >= ChecksumOffset + ChecksumLength)
            {
                unsigned += header[i];
                signed += (sbyte)header[i];
            }
        }

        var stated = 0;
        foreach (var digit in header.Slice(ChecksumOffset, ChecksumLength).Trim(" \0"u8))
        {
            if (digit is < (byte)'0' or > (byte)'7')
            {
                return false;
            }

            stated = (stated * 8) + (digit - '0');
        }

        return stated == unsigned || stated == signed;
    }
}
