namespace MultiArch.Oci.Layers.Compression;

/// <summary>CRC-32 checksums; where zlib computes those of stretches anyway, they are only joined.</summary>
/// <remarks>
/// CRC-32 as of https://www.rfc-editor.org/rfc/rfc1952#section-8: polynomials over GF(2), the highest bit of a number being x^0. The
/// arithmetic is that of crc32_combine in https://github.com/madler/zlib/blob/v1.3.1/crc32.c.
/// </remarks>
internal static class Crc32
{
    private const uint Polynomial = 0xEDB8_8320;
    private const uint One = 1u << 31;
    private const uint X8 = 1u << 23;

    private static readonly uint[] Table = [.. Enumerable.Range(0, 256).Select(value => OfByte((uint)value))];

    /// <param name="crc">Of what comes before; 0 for nothing.</param>
    public static uint Append(uint crc, ReadOnlySpan<byte> bytes)
    {
        crc = ~crc;
        foreach (var value in bytes)
        {
            crc = Table[(byte)(crc ^ value)] ^ (crc >> 8);
        }

        return ~crc;
    }

    /// <param name="length">Bytes of the second stretch.</param>
    public static uint Combine(uint first, uint second, int length)
    {
        var shift = One;
        var power = X8;
        for (var rest = length; rest > 0; rest >>= 1)
        {
            shift = (rest & 1) == 0 ? shift : Multiply(shift, power);
            power = Multiply(power, power);
        }

        return Multiply(first, shift) ^ second;
    }

    private static uint OfByte(uint value)
    {
        for (var bit = 0; bit < 8; bit++)
        {
            value = (value >> 1) ^ ((value & 1) == 0 ? 0 : Polynomial);
        }

        return value;
    }

    private static uint Multiply(uint left, uint right)
    {
        var product = 0u;
        for (; left != 0; left <<= 1)
        {
            product ^= (left & One) == 0 ? 0 : right;
            right = (right >> 1) ^ ((right & 1) == 0 ? 0 : Polynomial);
        }

        return product;
    }
}
