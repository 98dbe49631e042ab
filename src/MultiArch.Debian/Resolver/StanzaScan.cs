using System.Globalization;
using System.Text;

namespace MultiArch.Debian.Resolver;

/// <summary>One pass over the bytes of an index, which looks at two fields of each stanza: its name, and what it provides.</summary>
internal ref struct StanzaScan(ReadOnlySpan<byte> text)
{
    private readonly ReadOnlySpan<byte> _text = text;
    private int _position;
    private int _line;

    /// <summary>One for each stanza that was passed.</summary>
    public List<NameEntry> Packages { get; } = [];

    public List<NameEntry> Provided { get; } = [];

    /// <summary>The bytes of a stanza, without the empty line after it.</summary>
    public static ReadOnlySpan<byte> StanzaAt(ReadOnlySpan<byte> text, int start)
    {
        var scan = new StanzaScan(text) { _position = start };
        var end = start;
        while (scan.ReadLine(out var line) && !IsBlank(line))
        {
            end = scan._position;
        }

        return text[start..end];
    }

    /// <summary>Passes over one stanza; false at the end of the text.</summary>
    /// <exception cref="FormatException">It has no name or two; the message says in which line.</exception>
    public bool MoveNext()
    {
        var start = _position;
        while (ReadLine(out var line))
        {
            if (!IsBlank(line) && line[0] != '#')
            {
                ReadStanza(start, line);
                return true;
            }

            start = _position;
        }

        return false;
    }

    private void ReadStanza(int start, ReadOnlySpan<byte> line)
    {
        var first = _line;
        var hasName = false;
        var isProvides = false;
        do
        {
            if (line[0] is (byte)' ' or (byte)'\t')
            {
                if (isProvides)
                {
                    AddProvided(line, start);
                }

                continue;
            }

            isProvides = false;
            if ((line[0] | 0x20) != 'p')
            {
                continue;
            }

            if (TryGetValue(line, "package:"u8, out var name))
            {
                if (hasName || name.IsEmpty)
                {
                    throw new FormatException(Invariant($"line {_line} has no name, or the second one of a package"));
                }

                hasName = true;
                Packages.Add(new NameEntry(OffsetOf(name), name.Length, start));
            }
            else if (TryGetValue(line, "provides:"u8, out var provided))
            {
                isProvides = true;
                AddProvided(provided, start);
            }
        }
        while (ReadLine(out line) && !IsBlank(line));

        if (!hasName)
        {
            throw new FormatException(Invariant($"the stanza in line {first} has no Package"));
        }
    }

    private readonly void AddProvided(ReadOnlySpan<byte> list, int stanza)
    {
        foreach (var range in list.Split((byte)','))
        {
            var provision = list[range].Trim(" \t\r"u8);
            var end = provision.IndexOfAny(" \t(:"u8);
            var name = end < 0 ? provision : provision[..end];
            if (!name.IsEmpty)
            {
                Provided.Add(new NameEntry(OffsetOf(name), name.Length, stanza));
            }
        }
    }

    private bool ReadLine(out ReadOnlySpan<byte> line)
    {
        if (_position >= _text.Length)
        {
            line = default;
            return false;
        }

        var rest = _text[_position..];
        var end = rest.IndexOf((byte)'\n');
        line = end < 0 ? rest : rest[..end];
        _position += end < 0 ? rest.Length : end + 1;
        _line++;
        return true;
    }

    private static bool IsBlank(ReadOnlySpan<byte> line) => line.IsEmpty || (line[0] <= ' ' && line.Trim(" \t\r"u8).IsEmpty);

    private static bool TryGetValue(ReadOnlySpan<byte> line, ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        var isNamed = line.Length >= name.Length && Ascii.EqualsIgnoreCase(line[..name.Length], name);
        value = isNamed ? line[name.Length..].Trim(" \t\r"u8) : default;
        return isNamed;
    }

    /// <summary>Where a part of the text lies in it.</summary>
    private readonly int OffsetOf(ReadOnlySpan<byte> part) => _text.Overlaps(part, out var offset) ? offset : throw new InvalidOperationException("A name lies outside of its text.");

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
