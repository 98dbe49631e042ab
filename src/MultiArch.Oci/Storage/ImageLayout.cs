using System.Collections.Concurrent;
using MultiArch.Oci.Formats;

namespace MultiArch.Oci.Storage;

/// <summary>An OCI image layout: a folder with <c>oci-layout</c>, <c>index.json</c> and <c>blobs/sha256/</c>.</summary>
/// <remarks>
/// https://github.com/opencontainers/image-spec/blob/v1.1.1/image-layout.md. Blobs come first and index.json last, by rename, so a reader
/// always sees a whole image. The layout holds what was tagged last and nothing else: <see cref="TagAsync"/> removes what index.json no
/// longer reaches, and what a writer left that was killed; a writer that is disposed before it has tagged takes back what it wrote. Files
/// of other names are left alone.
/// </remarks>
public sealed class ImageLayout : IImageStore, IDisposable
{
    private readonly string _folder;
    private readonly string _blobs;
    private readonly LayoutWriteLock? _writeLock;
    private readonly ConcurrentBag<string> _untagged = [];

    private readonly bool _isNamed;

    private ImageLayout(string folder, LayoutWriteLock? writeLock, bool isNamed = false)
    {
        _isNamed = isNamed;
        _folder = folder;
        _blobs = Path.Combine(folder, "blobs", "sha256");
        _writeLock = writeLock;
    }

    /// <summary>Opens a layout for reading.</summary>
    /// <param name="folder">An absolute path.</param>
    /// <param name="isNamed">Whether an image is found by its tag alone, so that the only one is none when it is tagged otherwise.</param>
    /// <exception cref="MultiArchException"><see cref="DiagnosticCodes.BaseIsNoLayout"/>.</exception>
    public static ImageLayout Open(string folder, bool isNamed = false) =>
        File.Exists(Path.Combine(folder, ImageLayoutFile.Marker)) && File.Exists(Path.Combine(folder, ImageLayoutFile.Index))
            ? new ImageLayout(folder, writeLock: null, isNamed)
            : throw new MultiArchException(
                DiagnosticCodes.BaseIsNoLayout,
                $"'{folder}' is not an OCI image layout: it has no {ImageLayoutFile.Marker} and {ImageLayoutFile.Index}. Name the folder that holds them.");

    /// <summary>Opens a layout for writing and makes the folder if there is none. One writer at a time: the layout is locked until disposed.</summary>
    /// <param name="folder">An absolute path.</param>
    /// <exception cref="MultiArchException"><see cref="DiagnosticCodes.LayoutInUse"/> or <see cref="DiagnosticCodes.CannotWrite"/>.</exception>
    public static ImageLayout Create(string folder)
    {
        try
        {
            Directory.CreateDirectory(Path.Combine(folder, "blobs", "sha256"));
            return new ImageLayout(folder, LayoutWriteLock.Acquire(folder));
        }
        catch (Exception e) when (DiskErrors.IsDiskError(e))
        {
            throw DiskErrors.CannotWrite(folder, e);
        }
    }

    /// <summary>Reads what is there under the blob's name: a disk forgets and people edit, and hashing costs less than a broken image.</summary>
    public async Task<bool> ContainsBlobAsync(Descriptor blob, CancellationToken cancellationToken)
    {
        if (!HasFile(blob))
        {
            return false;
        }

        try
        {
            await using var stored = await OpenBlobAsync(blob, cancellationToken);
            await stored.CopyToAsync(Stream.Null, cancellationToken);
            return true;
        }
        catch (MultiArchException e) when (e.Code == DiagnosticCodes.ContentMismatch)
        {
            return false;
        }
    }

    /// <summary>Whether there is a file of the blob's name and size, whatever it holds.</summary>
    internal bool HasFile(Descriptor blob) => new FileInfo(PathOf(blob.Digest)) is { Exists: true } file && file.Length == blob.Size;

    public Task<Stream> OpenBlobAsync(Descriptor blob, CancellationToken cancellationToken)
    {
        try
        {
            return Task.FromResult<Stream>(new VerifyingStream(InputFile.Open(PathOf(blob.Digest)), blob, $"'{_folder}'", DiagnosticCodes.ContentMismatch));
        }
        catch (Exception e) when (DiskErrors.IsDiskError(e))
        {
            throw new MultiArchException(
                DiagnosticCodes.ContentMismatch,
                $"The image layout '{_folder}' names the blob {blob.Digest} and does not hold it. Make the layout again.",
                e);
        }
    }

    public async Task<BlobWrite> WriteBlobAsync(Descriptor blob, BlobSource source, CancellationToken cancellationToken)
    {
        if (await ContainsBlobAsync(blob, cancellationToken))
        {
            return BlobWrite.Reused;
        }

        await using var content = VerifyingStream.Over(await source.OpenAsync(cancellationToken), blob, $"'{_folder}'", DiagnosticCodes.ContentMismatch);
        await WriteFileAsync(PathOf(blob.Digest), content, cancellationToken);
        _untagged.Add(PathOf(blob.Digest));
        return BlobWrite.Uploaded;
    }

    /// <summary>By digest, by tag, or, where nothing is tagged so, the only image of index.json; index.json itself when it lists one image for each platform.</summary>
    public async Task<Document?> FindManifestAsync(string reference, CancellationToken cancellationToken)
    {
        var file = Path.Combine(_folder, ImageLayoutFile.Index);
        if (!File.Exists(file))
        {
            return null;
        }

        byte[] bytes;
        ImageIndex entries;
        try
        {
            bytes = await InputFile.ReadAsync(file, Document.MaxSize, cancellationToken);
            entries = ImageIndex.Parse(bytes);
        }
        catch (Exception e) when (e is FormatException || DiskErrors.IsDiskError(e))
        {
            throw new MultiArchException(DiagnosticCodes.BaseContradictsItself, $"'{file}' cannot be used: {OneLine.Sentence(e.Message)} Make the layout again.", e);
        }

        if (Digest.TryParse(reference, out var digest))
        {
            return await ReadDocumentAsync(entries.Manifests.FirstOrDefault(entry => entry.Digest == digest) ?? Guess(digest), cancellationToken);
        }

        if (_isNamed)
        {
            return ImageLayoutFile.Find(entries, reference) is { } named ? await ReadDocumentAsync(named, cancellationToken) : null;
        }

        return ImageLayoutFile.Choose(entries, reference) is { } entry
            ? await ReadDocumentAsync(entry, cancellationToken)
            : new Document(entries.MediaType ?? MediaTypes.OciIndex, bytes);
    }

    public async Task WriteManifestAsync(Document manifest, CancellationToken cancellationToken) =>
        await WriteBlobAsync(manifest.Describe(), BlobSource.FromBytes(manifest.Bytes), cancellationToken);

    public async Task TagAsync(Document manifest, IReadOnlyList<string> tags, CancellationToken cancellationToken)
    {
        var entries = tags.Select(tag => manifest.Describe() with
        {
            Annotations = new Dictionary<string, string> { [ImageLayoutFile.ReferenceName] = tag },
        });
        var index = new ImageIndex(MediaTypes.OciIndex, [.. entries]).ToDocument();
        var reachable = (await ReachableBlobs.FindAsync(this, manifest, cancellationToken)).Select(blob => blob.Digest.Hex).ToHashSet(StringComparer.Ordinal);
        await WriteIndexAsync(index, cancellationToken);
        _untagged.Clear();
        var superfluous = Directory.EnumerateFiles(_blobs)
            .Where(file => IsOwnName(Path.GetFileName(file)) && !reachable.Contains(Path.GetFileName(file)))
            .Concat(Directory.EnumerateFiles(_folder, $"{ImageLayoutFile.Index}.*{WholeFile.PartialSuffix}"));
        Remove(superfluous);
    }

    /// <summary>A layout that is tagged again as it is shows no file that has changed.</summary>
    private async Task WriteIndexAsync(Document index, CancellationToken cancellationToken)
    {
        var file = Path.Combine(_folder, ImageLayoutFile.Index);
        var isEqual = new FileInfo(file) is { Exists: true } present
            && present.Length == index.Bytes.Length
            && (await File.ReadAllBytesAsync(file, cancellationToken)).AsSpan().SequenceEqual(index.Bytes.Span);
        if (!isEqual)
        {
            await WriteFileAsync(file, new MemoryStream(index.Bytes.ToArray(), writable: false), cancellationToken);
        }
    }

    public void Dispose()
    {
        if (_writeLock is null)
        {
            return;
        }

        Remove(_untagged);
        var holdsNoImage = !File.Exists(Path.Combine(_folder, ImageLayoutFile.Index));
        if (holdsNoImage)
        {
            Remove([Path.Combine(_folder, ImageLayoutFile.Marker)]);
        }

        _writeLock.Dispose();
        if (holdsNoImage)
        {
            RemoveEmptyFolders();
        }
    }

    private static bool IsOwnName(string name) =>
        Digest.TryParse($"sha256:{name}", out _) || name.EndsWith(WholeFile.PartialSuffix, StringComparison.Ordinal);

    /// <summary>What cannot be removed is only superfluous: the image is whole without it, and the next publish tries again.</summary>
    private static void Remove(IEnumerable<string> files)
    {
        foreach (var file in files)
        {
            try
            {
                File.Delete(file);
            }
            catch (Exception e) when (DiskErrors.IsDiskError(e))
            {
                continue;
            }
        }
    }

    private void RemoveEmptyFolders()
    {
        foreach (var folder in new[] { _blobs, Path.GetDirectoryName(_blobs)!, _folder })
        {
            try
            {
                Directory.Delete(folder);
            }
            catch (Exception e) when (DiskErrors.IsDiskError(e))
            {
                return; // something else lies in it
            }
        }
    }

    private string PathOf(Digest digest) => Path.Combine(_blobs, digest.Hex);

    /// <summary>A descriptor for a document that index.json does not name itself, such as a platform's manifest below an index.</summary>
    private Descriptor Guess(Digest digest) =>
        new(MediaTypes.OciManifest, digest, new FileInfo(PathOf(digest)) is { Exists: true } file ? file.Length : -1);

    private async Task<Document?> ReadDocumentAsync(Descriptor descriptor, CancellationToken cancellationToken)
    {
        if (descriptor.Size is < 0 or > Document.MaxSize)
        {
            return null;
        }

        await using var stream = await OpenBlobAsync(descriptor, cancellationToken);
        using var bytes = new MemoryStream();
        await stream.CopyToAsync(bytes, cancellationToken);
        return new Document(descriptor.MediaType, bytes.ToArray());
    }

    private Task WriteFileAsync(string path, Stream content, CancellationToken cancellationToken) =>
        WholeFile.WriteAsync(path, _folder, file => content.CopyToAsync(file, cancellationToken));
}
