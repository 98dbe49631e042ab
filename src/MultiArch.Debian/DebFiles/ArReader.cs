using System.Globalization;
using System.Text;

namespace MultiArch.Debian.DebFiles;

/// <summary>One file of an ar archive.</summary>
/// <param name="Offset">Of its first byte in the archive.</param>
/// <param name="Size">Bytes.</param>
internal sealed record ArMember(string Name, long Offset, long Size);

/// <summary>Lists what an ar archive holds, as packages use it: short names only.</summary>
/// <remarks>https://manpages.debian.org/bookworm/dpkg-dev/deb.5.en.html.</remarks>
internal static class ArReader
{
    private const int HeaderSize = 60;
    private const int NameSize = 16;
    private const int SizeOffset = 48;
    private const int SizeLength = 10;

    // A package has three.
    private const int MaxMembers = 16;

    /// <exception cref="InvalidDataException">It is no such archive, or not a whole one.</exception>
    public static IReadOnlyList<ArMember> Read(Stream file)
    {
        var magic = new byte[8];
        if (file.ReadAtLeast(magic, magic.Length, throwOnEndOfStream: false) < magic.Length || !magic.AsSpan().SequenceEqual("!<arch>\n"u8))
        {
            throw new InvalidDataException("it is no ar archive");
        }

        var members = new List<ArMember>();
        var header = new byte[HeaderSize];
        while (file.Position < file.Length)
        {
            var read = file.ReadAtLeast(header, HeaderSize, throwOnEndOfStream: false);
            if (read < HeaderSize || !header.AsSpan(HeaderSize - 2).SequenceEqual("`\n"u8))
            {
                throw new InvalidDataException("something in it is no member of an ar archive");
            }

            var member = new ArMember(
                Encoding.ASCII.GetString(header, 0, NameSize).TrimEnd(' ').TrimEnd('/'),
                file.Position,
                long.TryParse(header.AsSpan(SizeOffset, SizeLength).TrimEnd((byte)' '), NumberStyles.None, CultureInfo.InvariantCulture, out var size)
                    ? size
                    : throw new InvalidDataException("the size of a member is no number"));
            if (member.Size > file.Length - file.Position)
            {
                throw new InvalidDataException($"its member {Oci.OneLine.Of(member.Name, NameSize)} has {member.Size} bytes, and the file ends after {file.Length - file.Position} of them");
            }

            members.Add(member);
            if (members.Count > MaxMembers)
            {
                throw new InvalidDataException($"it has more than {MaxMembers} members");
            }

            // Members begin at even places; the last one's padding may be missing.
            file.Position = Math.Min(file.Length, member.Offset + member.Size + (member.Size & 1));
        }

        return members;
    }
}
