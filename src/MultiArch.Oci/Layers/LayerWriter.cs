using System.Formats.Tar;
using System.Text;

namespace MultiArch.Oci.Layers;

/// <summary>Writes the tar of a recipe: the same bytes on every machine, at every time.</summary>
/// <remarks>
/// https://github.com/opencontainers/image-spec/blob/v1.1.1/layer.md. USTAR entries; GNU ones where a field does not fit. Never PAX:
/// .NET writes the process id into the names of PAX headers.
/// </remarks>
public static class LayerWriter
{
    // The field widths of https://pubs.opengroup.org/onlinepubs/9699919799/utilities/pax.html#tag_20_92_13_06, without the NUL of a number.
    private const int NameBytes = 100;
    private const int PrefixBytes = 155;
    private const int MaxId = 0x1F_FFFF;
    private const long MaxSize = 0x1_FFFF_FFFF;
    private const int EndOfArchiveBytes = 1024;

    // Not 1970: time 0 reads as "no time" in some tools, and zip cannot hold a date before 1980.
    private static readonly DateTimeOffset Time = new(1980, 1, 1, 0, 0, 1, TimeSpan.Zero);

    /// <summary>Copies every file again, and fails rather than write one that differs from the recipe.</summary>
    /// <param name="destination">Left open.</param>
    /// <exception cref="MultiArchException">
    /// <see cref="DiagnosticCodes.FileChanged"/>, <see cref="DiagnosticCodes.FileVanished"/> or <see cref="DiagnosticCodes.CannotRead"/>, naming the file.
    /// </exception>
    /// <exception cref="IOException">The destination failed; a source's faults have codes.</exception>
    public static async Task WriteAsync(LayerRecipe recipe, Stream destination, CancellationToken cancellationToken)
    {
        if (recipe.Entries.Count == 0)
        {
            // TarWriter ends an archive only if it has begun it.
            await destination.WriteAsync(new byte[EndOfArchiveBytes], cancellationToken);
            return;
        }

        await using var tar = new TarWriter(destination, TarEntryFormat.Ustar, leaveOpen: true);
        foreach (var entry in recipe.Entries)
        {
            await WriteAsync(tar, entry, cancellationToken);
        }
    }

    private static async Task WriteAsync(TarWriter tar, LayerEntry entry, CancellationToken cancellationToken)
    {
        var header = Describe(entry);
        if (entry is not { Source: { } source, Content: { } content })
        {
            await tar.WriteEntryAsync(header, cancellationToken);
            return;
        }

        await using var stream = new UnchangedFileStream(source, entry.Size, content);
        header.DataStream = stream;
        await tar.WriteEntryAsync(header, cancellationToken);
        await stream.VerifyEndAsync(cancellationToken);
    }

    private static TarEntry Describe(LayerEntry entry)
    {
        var (type, name) = entry.Type switch
        {
            LayerEntryType.Directory => (TarEntryType.Directory, entry.Path + "/"),
            LayerEntryType.Symlink => (TarEntryType.SymbolicLink, entry.Path),
            LayerEntryType.HardLink => (TarEntryType.HardLink, entry.Path),
            _ => (TarEntryType.RegularFile, entry.Path),
        };

        // GNU tar itself leaves the access and change times of a GNU entry blank; so do we, whatever .NET puts in.
        TarEntry header = FitsUstar(entry, name)
            ? new UstarTarEntry(type, name)
            : new GnuTarEntry(type, name) { AccessTime = default, ChangeTime = default };
        header.ModificationTime = Time;
        header.Mode = (UnixFileMode)entry.Mode;
        header.Uid = entry.Uid;
        header.Gid = entry.Gid;
        if (entry.LinkTarget is { } target)
        {
            header.LinkName = target;
        }

        return header;
    }

    private static bool FitsUstar(LayerEntry entry, string name) =>
        entry is { Uid: <= MaxId, Gid: <= MaxId, Size: <= MaxSize }
        && Encoding.UTF8.GetByteCount(entry.LinkTarget ?? "") <= NameBytes
        && (Encoding.UTF8.GetByteCount(name) <= NameBytes || FitsSplit(name));

    /// <summary>At the last slash only: .NET looks for another split by a rule that misses some, and would leave a directory's name empty.</summary>
    private static bool FitsSplit(string name) =>
        name.LastIndexOf('/') is > 0 and var slash
        && slash < name.Length - 1
        && Encoding.UTF8.GetByteCount(name.AsSpan(0, slash)) <= PrefixBytes
        && Encoding.UTF8.GetByteCount(name.AsSpan(slash + 1)) <= NameBytes;
}
