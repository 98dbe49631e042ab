using System.Collections.Concurrent;
using System.Text;
using MultiArch.Debian.Control;
using MultiArch.Oci;

namespace MultiArch.Debian.Resolver;

/// <summary>The index <c>Packages</c> of one archive and architecture, in which a stanza is parsed when it is asked for.</summary>
/// <remarks>
/// https://wiki.debian.org/DebianRepository/Format#A.22Packages.22_Indices. Debian's main has 63,000 stanzas in 50 MB, of which a resolution
/// asks for some hundreds; names and what is provided are found in one pass over the bytes. Safe for use by several threads.
/// </remarks>
public sealed class PackageIndex
{
    private readonly ReadOnlyMemory<byte> _text;
    private readonly string _description;
    private readonly NameTable _packages;
    private readonly NameTable _provided;
    private readonly ConcurrentDictionary<int, BinaryPackage> _parsed = new();

    private PackageIndex(ReadOnlyMemory<byte> text, string description, NameTable packages, NameTable provided)
    {
        _text = text;
        _description = description;
        _packages = packages;
        _provided = provided;
    }

    /// <summary>How many packages there are, each version counted.</summary>
    public int Count => _packages.Count;

    /// <summary>The name of each stanza, in the order of the index.</summary>
    public IEnumerable<string> Names => _packages.Names;

    /// <param name="text">The index, uncompressed; it is kept.</param>
    /// <param name="description">What this is an index of, for errors; such as the source's line.</param>
    /// <exception cref="MultiArchException"><see cref="DiagnosticCodes.PackageIndexUnreadable"/>.</exception>
    public static PackageIndex Parse(ReadOnlyMemory<byte> text, string description = "Packages")
    {
        var scan = new StanzaScan(text.Span);
        try
        {
            while (scan.MoveNext())
            {
            }
        }
        catch (FormatException e)
        {
            throw Unreadable(description, e);
        }

        return new PackageIndex(text, description, new NameTable(text, scan.Packages), new NameTable(text, scan.Provided));
    }

    /// <summary>All versions of a package.</summary>
    /// <exception cref="MultiArchException"><see cref="DiagnosticCodes.PackageIndexUnreadable"/>: a stanza is not what it should be.</exception>
    public IEnumerable<BinaryPackage> Find(string name) => _packages.Find(name).Select(Read);

    /// <summary>The packages that provide a name, which may be nobody's own.</summary>
    /// <exception cref="MultiArchException"><see cref="DiagnosticCodes.PackageIndexUnreadable"/>: a stanza is not what it should be.</exception>
    public IEnumerable<BinaryPackage> FindProviders(string name) => _provided.Find(name).Distinct().Select(Read);

    private BinaryPackage Read(int stanza) => _parsed.GetOrAdd(stanza, start =>
    {
        try
        {
            return BinaryPackage.From(ControlParagraph.ParseAll(Encoding.UTF8.GetString(StanzaScan.StanzaAt(_text.Span, start))).First());
        }
        catch (FormatException e)
        {
            throw Unreadable(_description, e);
        }
    });

    private static MultiArchException Unreadable(string description, FormatException e) => new(
        DiagnosticCodes.PackageIndexUnreadable,
        $"The index of packages of '{OneLine.Of(description)}' cannot be read: {e.Message}. Take another mirror of the archive.",
        e);
}
