using System.Numerics;
using System.Text;

namespace MultiArch.Debian.Resolver;

/// <summary>A name in a text, and the stanza that has it.</summary>
/// <param name="Start">Byte at which the name starts.</param>
/// <param name="Length">Bytes of the name.</param>
/// <param name="Stanza">Byte at which the stanza starts.</param>
internal readonly record struct NameEntry(int Start, int Length, int Stanza);

/// <summary>Finds stanzas by a name. It holds numbers only: the names stay in the text, of which most are never asked for.</summary>
internal sealed class NameTable
{
    private readonly ReadOnlyMemory<byte> _text;
    private readonly NameEntry[] _entries;
    private readonly int[] _first; // per hash; number of an entry, from 1
    private readonly int[] _next; // per entry

    public NameTable(ReadOnlyMemory<byte> text, IReadOnlyCollection<NameEntry> entries)
    {
        _text = text;
        _entries = [.. entries];
        _first = new int[BitOperations.RoundUpToPowerOf2((uint)_entries.Length + 1)];
        _next = new int[_entries.Length];
        // From the end, so that each chain has the order of the text.
        for (var i = _entries.Length - 1; i >= 0; i--)
        {
            ref var first = ref _first[Slot(NameOf(_entries[i]))];
            _next[i] = first;
            first = i + 1;
        }
    }

    public int Count => _entries.Length;

    public IEnumerable<string> Names => _entries.Select(entry => Encoding.UTF8.GetString(NameOf(entry)));

    /// <summary>Bytes at which the stanzas of a name start, in the order of the text.</summary>
    public IReadOnlyList<int> Find(string name)
    {
        ReadOnlySpan<byte> wanted = Encoding.UTF8.GetBytes(name);
        var stanzas = new List<int>();
        for (var number = _first[Slot(wanted)]; number > 0; number = _next[number - 1])
        {
            if (NameOf(_entries[number - 1]).SequenceEqual(wanted))
            {
                stanzas.Add(_entries[number - 1].Stanza);
            }
        }

        return stanzas;
    }

    private ReadOnlySpan<byte> NameOf(NameEntry entry) => _text.Span.Slice(entry.Start, entry.Length);

    private int Slot(ReadOnlySpan<byte> name)
    {
        var hash = default(HashCode);
        hash.AddBytes(name);
        return hash.ToHashCode() & (_first.Length - 1);
    }
}
