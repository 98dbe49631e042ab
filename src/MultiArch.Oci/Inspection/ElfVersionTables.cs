namespace MultiArch.Oci.Inspection;

/// <summary>What a library asks of others (<c>.gnu.version_r</c>) and has for them (<c>.gnu.version_d</c>): lists of lists, linked by distances.</summary>
/// <remarks>https://refspecs.linuxfoundation.org/LSB_5.0.0/LSB-Core-generic/LSB-Core-generic/symversion.html</remarks>
internal sealed class ElfVersionTables(BoundedFile file, ElfFormat format, ElfStrings strings)
{
    private const int MaxEntries = 2048; // libc.so.6 has about 50, a large program requires about 100
    private const int BaseFlag = 1;
    private const int WeakFlag = 2;

    private readonly FileWindow _window = new(file);

    public IReadOnlyList<ElfSymbolVersion> ReadRequired(ulong at, ulong count)
    {
        List<ElfSymbolVersion> versions = [];
        for (var entries = 0; count > 0 && entries < MaxEntries; count--)
        {
            var need = _window.Peek(at, 16);
            if (need.IsEmpty)
            {
                break;
            }

            var fields = format.Fields(need);
            var (ofThis, library, first, next) = (fields.Half(2), fields.Word(4), fields.Word(8), fields.Word(12));
            if (strings.Read(library) is { } name)
            {
                ReadRequired(name, at + first, Math.Min(ofThis, MaxEntries - entries), versions);
            }

            entries += Math.Max(1, ofThis);
            at += next;
            if (next == 0)
            {
                break;
            }
        }

        return versions;
    }

    public IReadOnlyList<string> ReadDefined(ulong at, ulong count)
    {
        List<string> versions = [];
        for (var entries = 0; count > 0 && entries < MaxEntries; count--, entries++)
        {
            var definition = _window.Peek(at, 20);
            if (definition.IsEmpty)
            {
                break;
            }

            var fields = format.Fields(definition);
            var (flags, first, next) = (fields.Half(2), fields.Word(12), fields.Word(16));
            var names = (flags & BaseFlag) == 0 ? _window.Peek(at + first, 8) : [];
            if (!names.IsEmpty && strings.Read(format.Fields(names).Word(0)) is { } name)
            {
                versions.Add(name);
            }

            at += next;
            if (next == 0)
            {
                break;
            }
        }

        return versions;
    }

    private void ReadRequired(string library, ulong at, int count, List<ElfSymbolVersion> versions)
    {
        for (; count > 0; count--)
        {
            var version = _window.Peek(at, 16);
            if (version.IsEmpty)
            {
                break;
            }

            var fields = format.Fields(version);
            var (flags, name, next) = (fields.Half(4), fields.Word(8), fields.Word(12));
            if (strings.Read(name) is { } text)
            {
                versions.Add(new ElfSymbolVersion(library, text, (flags & WeakFlag) != 0));
            }

            at += next;
            if (next == 0)
            {
                break;
            }
        }
    }
}
