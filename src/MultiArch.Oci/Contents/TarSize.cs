using System.Buffers.Binary;
using System.Text;

namespace MultiArch.Oci.Contents;

/// <summary>How a tar writes the size of an entry, in bytes: none is so large that it could not be rounded up to whole blocks.</summary>
/// <remarks>https://pubs.opengroup.org/onlinepubs/9699919799/utilities/pax.html#tag_20_92_13_06 and https://www.gnu.org/software/tar/manual/html_node/Standard.html.</remarks>
internal static class TarSize
{
    /// <summary>Bytes; what headers are, and what contents are filled up to.</summary>
    public const int Block = 512;

    /// <summary>Octal digits, or with the highest bit set a big-endian number.</summary>
    public static long Read(ReadOnlySpan<byte> field)
    {
        if ((field[0] & 0x80) != 0)
        {
            var size = field[0] == 0x80 && !field[1..4].ContainsAnyExcept((byte)0) ? BinaryPrimitives.ReadInt64BigEndian(field[4..]) : -1;
            return size is >= 0 and < long.MaxValue - Block ? size : throw new InvalidDataException("a size in it is no size");
        }

        var value = 0L;
        foreach (var digit in Encoding.ASCII.GetString(field).Trim(' ', '\0'))
        {
            value = digit is >= '0' and <= '7' ? (value * 8) + (digit - '0') : throw new InvalidDataException("a size in it is no number");
        }

        return value;
    }

    /// <summary>The record <c>27 size=8589934592</c> of extended attributes; null for none.</summary>
    public static long? FindInAttributes(ReadOnlySpan<byte> attributes)
    {
        long? size = null;
        while (attributes.IndexOf((byte)' ') is > 0 and var blank)
        {
            if (!int.TryParse(attributes[..blank], out var length) || length <= blank || length > attributes.Length)
            {
                throw new InvalidDataException("its extended attributes are damaged");
            }

            var record = attributes[(blank + 1)..length];
            if (record.StartsWith("size="u8))
            {
                size = long.TryParse(record["size="u8.Length..].TrimEnd((byte)'\n'), out var value) && value is >= 0 and < long.MaxValue - Block
                    ? value
                    : throw new InvalidDataException("a size in it is no number");
            }

            attributes = attributes[length..];
        }

        return size;
    }
}
