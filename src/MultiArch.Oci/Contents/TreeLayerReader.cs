using System.Formats.Tar;
using MultiArch.Oci.Inspection;

namespace MultiArch.Oci.Contents;

/// <summary>Reads the tar of a layer, keeping the bytes of few files.</summary>
internal sealed class TreeLayerReader(ContentSelection selection)
{
    // Linux knows no longer path (PATH_MAX).
    private const int MaxPathLength = 4096;

    private long _kept;

    /// <param name="tar">Read to its end.</param>
    /// <exception cref="Exception">The tar is damaged or no tar: <see cref="FormatException"/>, or whatever its reader throws.</exception>
    public async Task ReadAsync(Stream tar, ILayerEntries layer, CancellationToken cancellationToken)
    {
        var check = new CheckedTarStream(tar, TarLimits.OfLayer);
        await using (var reader = new TarReader(check, leaveOpen: true))
        {
            while (await reader.GetNextEntryAsync(copyData: false, cancellationToken) is { } entry)
            {
                if (entry.EntryType is not TarEntryType.GlobalExtendedAttributes)
                {
                    await AddAsync(entry, layer, cancellationToken);
                }
            }
        }

        // What stands behind the end is checked, and belongs to the layer's digest.
        await check.CopyToAsync(Stream.Null, cancellationToken);
    }

    private async Task AddAsync(TarEntry entry, ILayerEntries layer, CancellationToken cancellationToken)
    {
        if (entry.Name.Length > MaxPathLength || entry.LinkName.Length > MaxPathLength)
        {
            throw new FormatException($"it has a path of {Math.Max(entry.Name.Length, entry.LinkName.Length)} characters");
        }

        if (entry.EntryType is TarEntryType.HardLink)
        {
            layer.AddHardLink(entry.Name, entry.LinkName);
            return;
        }

        var type = entry.EntryType switch
        {
            TarEntryType.Directory => TreeEntryType.Directory,
            TarEntryType.SymbolicLink => TreeEntryType.Symlink,
            TarEntryType.CharacterDevice or TarEntryType.BlockDevice or TarEntryType.Fifo => TreeEntryType.Other,
            _ => TreeEntryType.File,
        };
        var content = type is TreeEntryType.File ? await KeepAsync(entry, layer.RealPath(entry.Name), cancellationToken) : null;
        var (binary, interpreter) = selection.ReadsHeaders && type is TreeEntryType.File ? await ReadHeadersAsync(entry, content, cancellationToken) : default;
        layer.Add(entry.Name, new TreeEntry(type, (int)entry.Mode, entry.Uid, entry.Gid)
        {
            LinkTarget = type is TreeEntryType.Symlink ? entry.LinkName : null,
            Size = entry.Length,
            Content = content,
            Binary = binary,
            Interpreter = interpreter,
        });
    }

    private static async Task<(BinaryFile? Binary, string? Interpreter)> ReadHeadersAsync(TarEntry entry, ReadOnlyMemory<byte>? kept, CancellationToken cancellationToken)
    {
        await using var stream = kept is { } bytes ? new MemoryStream(bytes.ToArray(), writable: false) : null;
        return await HeaderHook.ReadAsync(stream ?? entry.DataStream ?? Stream.Null, entry.Length, cancellationToken);
    }

    private async Task<ReadOnlyMemory<byte>?> KeepAsync(TarEntry entry, string path, CancellationToken cancellationToken)
    {
        if (entry.Length > selection.MaxFileSize || !selection.Includes(path))
        {
            return null;
        }

        _kept += entry.Length;
        if (_kept > selection.MaxTotalSize)
        {
            throw new FormatException($"its files of interest have more than {selection.MaxTotalSize} bytes");
        }

        var bytes = new byte[entry.Length];
        await (entry.DataStream ?? Stream.Null).ReadExactlyAsync(bytes, cancellationToken);
        return bytes;
    }
}
