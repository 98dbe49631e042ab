using System.Text;

namespace MultiArch.Testing;

/// <summary>Makes inputs that are almost right out of right ones; equal seeds, equal inputs.</summary>
/// <param name="hostile">What is put into them, beside what is hostile to JSON and to addresses.</param>
public sealed class Mutations(int seed, IReadOnlyList<byte[]> right, params IReadOnlyList<string> hostile)
{
    private static readonly string[] Hostile =
    [
        "", "\0", "\n", "\r\n", "\u202e", "\ufeff", "\\ud800", "\\u0000", "\"", "\\", "{", "}", "[", "]", ":", ",", "null", "true", "0", "-1", "1e400", "0.1", "9223372036854775808",
        "..", "../../etc/passwd", "//", "/", "?", "#", "@", "%", "%2e%2e%2f", "%0d%0a", "&digest=", "user:password@", "http://", "https://", "file:///etc/passwd", "169.254.169.254",
        "[::ffff:127.0.0.1]", "127.1", "0x7f.1", "localhost.", "１２７.0.0.1", ":443", ":99999", "sha256:", "sha512:", "sha256:../../x", new string('a', 5_000), new string('[', 200),
        string.Concat(Enumerable.Repeat("{\"a\":", 100)), "\"mediaType\":\"x\",", "\"layers\":[],", "\"manifests\":null,",
    ];

    private readonly Random _random = new(seed);
    private readonly string[] _hostile = [.. Hostile, .. hostile];

    public Mutations(int seed, IReadOnlyList<string> right)
        : this(seed, [.. right.Select(Encoding.UTF8.GetBytes)])
    {
    }

    public IEnumerable<byte[]> Take(int count)
    {
        foreach (var input in right)
        {
            yield return input;
        }

        for (var i = right.Count; i < count; i++)
        {
            var bytes = right[_random.Next(right.Count)];
            for (var changes = 1 + _random.Next(4); changes > 0; changes--)
            {
                bytes = Change(bytes);
            }

            yield return bytes;
        }
    }

    private byte[] Change(byte[] bytes)
    {
        var at = _random.Next(bytes.Length + 1);
        var length = _random.Next(Math.Min(40, bytes.Length - at) + 1);
        return _random.Next(7) switch
        {
            0 => bytes[..at],
            1 => [.. bytes[..at], .. bytes[(at + length)..]],
            2 => [.. bytes[..(at + length)], .. bytes[at..]],
            3 => [.. bytes[..at], (byte)_random.Next(256), .. bytes[Math.Min(bytes.Length, at + 1)..]],
            4 => Splice(bytes, at),
            _ => [.. bytes[..at], .. Encoding.UTF8.GetBytes(_hostile[_random.Next(_hostile.Length)]), .. bytes[(at + length)..]],
        };
    }

    private byte[] Splice(byte[] bytes, int at)
    {
        var other = right[_random.Next(right.Count)];
        return [.. bytes[..at], .. other[_random.Next(other.Length + 1)..]];
    }
}
