using MultiArch.Oci.Formats;

namespace MultiArch.Oci.Storage;

/// <summary>An OCI archive that somebody has made, read where it lies: its layers are never unpacked to a disk.</summary>
public sealed class ReadOnlyArchive : IImageStore, IDisposable
{
    private readonly string _file;
    private readonly ArchiveReader _archive;
    private readonly byte[] _index;
    private readonly bool _isNamed;

    private ReadOnlyArchive(string file, ArchiveReader archive, byte[] index, bool isNamed)
    {
        _isNamed = isNamed;
        _file = file;
        _archive = archive;
        _index = index;
    }

    /// <param name="file">An absolute path.</param>
    /// <param name="isNamed">As of a layout: <see cref="ImageLayout.Open"/>.</param>
    /// <exception cref="MultiArchException"><see cref="DiagnosticCodes.BaseIsNoLayout"/>.</exception>
    public static ReadOnlyArchive Open(string file, bool isNamed = false)
    {
        if (InputFile.KindOf(file) is { } kind)
        {
            throw new MultiArchException(DiagnosticCodes.BaseIsNoLayout, $"'{file}' is not an OCI archive: it is {kind}. Name a regular file: its parts are read in any order.");
        }

        ArchiveReader? archive = null;
        try
        {
            archive = ArchiveReader.Open(file);
            return archive.ReadIndexBytes() is { } index
                ? new ReadOnlyArchive(file, archive, index, isNamed)
                : throw new InvalidDataException($"it has no {ImageLayoutFile.Index}, or one that is too large");
        }
        catch (Exception e) when (DiskErrors.IsDiskError(e) || e is InvalidDataException)
        {
            archive?.Dispose();
            throw new MultiArchException(DiagnosticCodes.BaseIsNoLayout, $"'{file}' is not an OCI archive: {Describe(file, e)}", e);
        }
    }

    public async Task<bool> ContainsBlobAsync(Descriptor blob, CancellationToken cancellationToken)
    {
        if (!_archive.Contains(blob))
        {
            return false;
        }

        try
        {
            await using var stored = _archive.Open(blob);
            await stored.CopyToAsync(Stream.Null, cancellationToken);
            return true;
        }
        catch (MultiArchException e) when (e.Code == DiagnosticCodes.ContentMismatch)
        {
            return false;
        }
    }

    public Task<Stream> OpenBlobAsync(Descriptor blob, CancellationToken cancellationToken) => _archive.Contains(blob)
        ? Task.FromResult(_archive.Open(blob))
        : throw new MultiArchException(DiagnosticCodes.ContentMismatch, $"The archive '{_file}' names the blob {blob.Digest} and does not hold it. Make the archive again.");

    /// <summary>By digest, by tag, or, where nothing is tagged so, the only image of index.json; index.json itself when it lists one image for each platform.</summary>
    public async Task<Document?> FindManifestAsync(string reference, CancellationToken cancellationToken)
    {
        ImageIndex entries;
        try
        {
            entries = ImageIndex.Parse(_index);
        }
        catch (FormatException e)
        {
            throw new MultiArchException(DiagnosticCodes.BaseContradictsItself, $"The {ImageLayoutFile.Index} of '{_file}' cannot be used: {OneLine.Sentence(e.Message)} Make the archive again.", e);
        }

        if (!Digest.TryParse(reference, out var digest))
        {
            if (_isNamed)
            {
                return ImageLayoutFile.Find(entries, reference) is { } named ? await ReachableBlobs.ReadDocumentAsync(this, named, cancellationToken) : null;
            }

            return ImageLayoutFile.Choose(entries, reference) is { } chosen
                ? await ReachableBlobs.ReadDocumentAsync(this, chosen, cancellationToken)
                : new Document(entries.MediaType ?? MediaTypes.OciIndex, _index);
        }

        var entry = entries.Manifests.FirstOrDefault(entry => entry.Digest == digest)
            ?? (_archive.SizeOf(digest) is { } size ? new Descriptor(MediaTypes.OciManifest, digest, size) : null);
        return entry is null ? null : await ReachableBlobs.ReadDocumentAsync(this, entry, cancellationToken);
    }

    public Task<BlobWrite> WriteBlobAsync(Descriptor blob, BlobSource source, CancellationToken cancellationToken) => throw ReadOnly();

    public Task WriteManifestAsync(Document manifest, CancellationToken cancellationToken) => throw ReadOnly();

    public Task TagAsync(Document manifest, IReadOnlyList<string> tags, CancellationToken cancellationToken) => throw ReadOnly();

    public void Dispose() => _archive.Dispose();

    private static NotSupportedException ReadOnly() => new("An archive that is read is not written.");

    private static string Describe(string file, Exception error) => error switch
    {
        FileNotFoundException or DirectoryNotFoundException => "it is not there. Correct its path.",
        _ when Directory.Exists(file) => "it is a folder. Name a layout's folder as oci:<folder>.",
        InvalidDataException when IsCompressed(file) => "it is compressed. Decompress it first.",
        InvalidDataException => $"{OneLine.Of(error.Message).TrimEnd('.')}. Name a file such as 'skopeo copy --all docker://… oci-archive:<file>' writes.",
        _ => $"{OneLine.Of(error.Message).TrimEnd('.')}. Correct its permissions.",
    };

    /// <summary>By gzip or zstd: what makes a tar smaller is taken for a tar by its name alone.</summary>
    private static bool IsCompressed(string file)
    {
        Span<byte> start = stackalloc byte[4];
        using var stream = File.OpenRead(file);
        var read = stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        return read == start.Length && (start.StartsWith([(byte)0x1F, (byte)0x8B]) || start.SequenceEqual([(byte)0x28, (byte)0xB5, (byte)0x2F, (byte)0xFD]));
    }
}
