using System.Buffers.Binary;

namespace MultiArch.Oci.Tests.Fuzzing;

/// <summary>Makes files that are almost right out of right ones; equal seeds, equal files.</summary>
internal sealed class BinaryMutations(int seed, IReadOnlyList<byte[]> right)
{
    private static readonly ulong[] Numbers = [0, 1, 0x7F, 0x80, 0xFF, 0x7FFF, 0xFFFF, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF, 0x7FFF_FFFF_FFFF_FFFF, ulong.MaxValue, ulong.MaxValue - 63];

    private readonly Random _random = new(seed);

    public IEnumerable<byte[]> Take(int count)
    {
        foreach (var file in right)
        {
            yield return file;
        }

        for (var i = right.Count; i < count; i++)
        {
            var bytes = (byte[])right[_random.Next(right.Count)].Clone();
            for (var changes = 1 + _random.Next(8); changes > 0 && bytes.Length > 8; changes--)
            {
                bytes = Change(bytes);
            }

            yield return bytes;
        }
    }

    private byte[] Change(byte[] bytes)
    {
        // Half of the changes hit the headers, where everything begins.
        var at = _random.Next(_random.Next(2) == 0 ? Math.Min(bytes.Length, 512) : bytes.Length);
        var size = Math.Min(1 << _random.Next(4), bytes.Length - at);
        switch (_random.Next(8))
        {
            case 0:
                return bytes[..at];
            case 1:
                return [.. bytes[..at], .. bytes[(at + size)..]];
            case 2:
                return [.. bytes[..(at + size)], .. bytes[at..]];
            case 3:
                var other = right[_random.Next(right.Count)];
                return [.. bytes[..at], .. other[Math.Min(at, other.Length)..]];
            case 4:
                bytes[at] ^= (byte)(1 << _random.Next(8));
                return bytes;
            case 5:
                bytes[at] = (byte)_random.Next(256);
                return bytes;
            default:
                Write(bytes.AsSpan(at, size), Numbers[_random.Next(Numbers.Length)] + (ulong)_random.Next(3));
                return bytes;
        }
    }

    private void Write(Span<byte> place, ulong number)
    {
        Span<byte> bytes = stackalloc byte[8];
        if (_random.Next(4) == 0)
        {
            BinaryPrimitives.WriteUInt64BigEndian(bytes, number);
            bytes[^place.Length..].CopyTo(place);
        }
        else
        {
            BinaryPrimitives.WriteUInt64LittleEndian(bytes, number);
            bytes[..place.Length].CopyTo(place);
        }
    }
}
