using System.Collections.Concurrent;
using System.Text;
using MultiArch.Debian.Control;

namespace MultiArch.Debian.Resolver;

/// <summary>The index <c>Packages</c> of one archive and architecture, in which a stanza is parsed when it is asked for.</summary>
/// <remarks>
/// https://wiki.debian.org/DebianRepository/Format#A.22Packages.22_Indices. Debian's main has 63,000 stanzas in 50 MB, of which a resolution
/// asks for some dozens; names and what is provided are found in one pass over the bytes.
/// </remarks>
public sealed class PackageIndex
{
    private readonly ReadOnlyMemory<byte> _text;
    private readonly Dictionary<string, List<Range>> _stanzas = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<Range>> _providers = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<Range, BinaryPackage> _parsed = new();

    private PackageIndex(ReadOnlyMemory<byte> text) => _text = text;

    /// <summary>Every name that a package has, in no order.</summary>
    public IReadOnlyCollection<string> Names => _stanzas.Keys;

    /// <param name="text">The index, uncompressed; it is kept.</param>
    /// <exception cref="FormatException">A stanza has no name.</exception>
    public static PackageIndex Parse(ReadOnlyMemory<byte> text)
    {
        var index = new PackageIndex(text);
        var bytes = text.Span;
        for (var start = 0; start < bytes.Length;)
        {
            var length = bytes[start..].IndexOf("\n\n"u8);
            var end = length < 0 ? bytes.Length : start + length + 1;
            if (!bytes[start..end].Trim("\n\r "u8).IsEmpty)
            {
                index.Add(start..end);
            }

            start = end + 1;
        }

        return index;
    }

    /// <summary>All versions of a package.</summary>
    /// <exception cref="FormatException">A stanza is not what it should be.</exception>
    public IEnumerable<BinaryPackage> Find(string name) => _stanzas.GetValueOrDefault(name, []).Select(Read);

    /// <summary>The packages that provide a name which may be nobody's own.</summary>
    /// <exception cref="FormatException">A stanza is not what it should be.</exception>
    public IEnumerable<BinaryPackage> FindProviders(string name) => _providers.GetValueOrDefault(name, []).Select(Read);

    private BinaryPackage Read(Range stanza) => _parsed.GetOrAdd(
        stanza,
        range => BinaryPackage.From(ControlParagraph.ParseAll(Encoding.UTF8.GetString(_text[range].Span)).Single()));

    private void Add(Range stanza)
    {
        var bytes = _text[stanza].Span;
        Add(_stanzas, Field(bytes, "Package:"u8) ?? throw new FormatException($"the stanza at byte {stanza.Start.Value} has no Package"), stanza);
        if (Field(bytes, "Provides:"u8) is { } provides)
        {
            foreach (var name in provides.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(NameOf).Distinct(StringComparer.Ordinal))
            {
                Add(_providers, name, stanza);
            }
        }
    }

    private static void Add(Dictionary<string, List<Range>> ranges, string name, Range stanza)
    {
        if (!ranges.TryGetValue(name, out var list))
        {
            ranges[name] = list = new List<Range>(1);
        }

        list.Add(stanza);
    }

    private static string NameOf(string provision) => provision.AsSpan().IndexOfAny(" (:") is >= 0 and var end ? provision[..end] : provision;

    /// <summary>A field on one line, as archives write them.</summary>
    private static string? Field(ReadOnlySpan<byte> stanza, ReadOnlySpan<byte> name)
    {
        for (var rest = stanza; !rest.IsEmpty;)
        {
            var end = rest.IndexOf((byte)'\n');
            var line = end < 0 ? rest : rest[..end];
            if (line.StartsWith(name))
            {
                return Encoding.UTF8.GetString(line[name.Length..].Trim(" \t\r"u8));
            }

            rest = end < 0 ? [] : rest[(end + 1)..];
        }

        return null;
    }
}
