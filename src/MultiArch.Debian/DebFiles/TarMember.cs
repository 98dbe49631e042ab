using System.Formats.Tar;
using System.IO.Compression;
using MultiArch.Oci.Contents;
using SharpCompress.Compressors.Xz;
using SharpCompress.Compressors.ZStandard;

namespace MultiArch.Debian.DebFiles;

/// <summary>Reads the tar of a member whole: to the end of the tar, of what was compressed, and of the member.</summary>
/// <remarks>https://manpages.debian.org/bookworm/dpkg-dev/deb.5.en.html.</remarks>
internal static class TarMember
{
    // More than a path may have, so that one that is too long can be named.
    private const int MaxNameSize = 32 * 1024;

    /// <param name="visit">Gets each entry; what it leaves unread is passed over.</param>
    /// <exception cref="Exception">The member is damaged: <see cref="InvalidDataException"/>, or whatever its decompressor throws.</exception>
    public static void Read(Stream file, ArMember member, int maxEntries, long maxSize, Action<TarEntry> visit, CancellationToken cancellationToken)
    {
        using var content = new MemberStream(file, member);
        using var unpacked = Open(member.Name, content);

        // A long name takes a header of its own.
        using var tar = new CheckedTarStream(unpacked, new TarLimits(3 * maxEntries, maxSize, MaxNameSize, RequiresEnd: true));
        using (var reader = new TarReader(tar, leaveOpen: true))
        {
            for (var count = 1; reader.GetNextEntry(copyData: false) is { } entry; count++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (count > maxEntries)
                {
                    throw new InvalidDataException($"it has more than {maxEntries} entries");
                }

                if (entry.Format is TarEntryFormat.Pax)
                {
                    throw new InvalidDataException("its tar has extended attributes, which dpkg refuses too");
                }

                visit(entry);
            }
        }

        // A reader of tars stops at their end, and one of xz after the first stream: what comes behind would be in no index and in no list.
        tar.CopyTo(Stream.Null);
        if (!content.IsUsedUp)
        {
            throw new InvalidDataException("something stands behind what is compressed");
        }
    }

    private static Stream Open(string name, Stream content) => Path.GetExtension(name) switch
    {
        ".tar" => content,
        ".gz" => new GZipStream(content, CompressionMode.Decompress, leaveOpen: true),
        ".xz" => new XZStream(content),
        ".zst" => new DecompressionStream(content, leaveOpen: true),
        _ => throw new InvalidDataException($"its member {Oci.OneLine.Of(name, 20)} is compressed by something other than gzip, xz and zstd"),
    };
}
