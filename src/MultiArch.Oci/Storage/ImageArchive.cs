using System.Collections.Concurrent;
using MultiArch.Oci.Formats;

namespace MultiArch.Oci.Storage;

/// <summary>An OCI archive: one tar of an image layout, which docker, podman, ctr and skopeo load.</summary>
/// <remarks>
/// What is written lies in a work folder until <see cref="TagAsync"/> puts a finished file in the place of the old one, by one rename: whoever
/// reads the path sees the old archive or the new one, and of two writers the last one wins. A blob of the old archive is not asked for again,
/// and an archive that would be the same is left alone, its time included.
/// </remarks>
public sealed class ImageArchive : IImageStore, IDisposable
{
    private readonly string _path;
    private readonly ImageReference _name;
    private readonly StagedImage _staged;
    private readonly ConcurrentDictionary<Digest, bool> _intact = new();
    private ArchiveReader? _old;

    private ImageArchive(string path, ImageReference name, string workFolder)
    {
        _path = path;
        _name = name;
        _staged = new StagedImage(workFolder);
        _old = ArchiveReader.TryOpen(path);
    }

    /// <summary>Opens an archive for writing. Nothing is written at the path yet.</summary>
    /// <param name="path">An absolute path; its folder is made when the archive is.</param>
    /// <param name="name">What a client that loads the archive calls the image: registry and repository.</param>
    /// <param name="workFolder">Absolute; for what is collected, in a folder of its own that is gone afterwards.</param>
    /// <exception cref="MultiArchException"><see cref="DiagnosticCodes.CannotWrite"/>: the path is a folder.</exception>
    public static ImageArchive Create(string path, ImageReference name, string workFolder) =>
        Directory.Exists(path)
            ? throw new MultiArchException(DiagnosticCodes.CannotWrite, $"Cannot write the archive '{path}': it is a folder. Name a file in ContainerArchiveOutputPath, such as image.tar.")
            : new ImageArchive(path, name, workFolder);

    public async Task<bool> ContainsBlobAsync(Descriptor blob, CancellationToken cancellationToken) =>
        await IsIntactAsync(blob, cancellationToken) || await _staged.ContainsBlobAsync(blob, cancellationToken);

    public async Task<Stream> OpenBlobAsync(Descriptor blob, CancellationToken cancellationToken)
    {
        if (await _staged.ContainsBlobAsync(blob, cancellationToken))
        {
            return await _staged.OpenBlobAsync(blob, cancellationToken);
        }

        return _old is { } old && old.Contains(blob)
            ? old.Open(blob)
            : throw new MultiArchException(DiagnosticCodes.ContentMismatch, $"The archive '{_path}' does not hold the blob {blob.Digest}. Remove it, and publish again.");
    }

    public async Task<BlobWrite> WriteBlobAsync(Descriptor blob, BlobSource source, CancellationToken cancellationToken) =>
        await IsIntactAsync(blob, cancellationToken) ? BlobWrite.Reused : await _staged.WriteBlobAsync(blob, source, cancellationToken);

    /// <summary>By tag or digest, of the archive that stands at the path; by digest also of what was written since.</summary>
    public async Task<Document?> FindManifestAsync(string reference, CancellationToken cancellationToken)
    {
        if (Digest.TryParse(reference, out var digest) && _staged.FindManifest(digest) is { } staged)
        {
            return staged;
        }

        if (_old?.ReadIndex() is not { } index)
        {
            return null;
        }

        var entry = index.Manifests.FirstOrDefault(entry => digest == default ? entry.Annotations?.GetValueOrDefault(ImageLayoutFile.ReferenceName) == reference : entry.Digest == digest);
        if (entry is null && digest != default)
        {
            entry = await FindBelowAsync(_old, index, digest, cancellationToken);
        }

        return entry is not null && await IsIntactAsync(entry, cancellationToken)
            ? await ReachableBlobs.ReadDocumentAsync(this, entry, cancellationToken)
            : null;
    }

    public async Task WriteManifestAsync(Document manifest, CancellationToken cancellationToken)
    {
        if (!await IsIntactAsync(manifest.Describe(), cancellationToken))
        {
            await _staged.WriteManifestAsync(manifest, cancellationToken);
        }
    }

    public async Task TagAsync(Document manifest, IReadOnlyList<string> tags, CancellationToken cancellationToken)
    {
        var content = await ArchiveContent.DescribeAsync(this, manifest, [.. tags.Select(tag => _name with { Tag = tag })], cancellationToken);
        if (_staged.IsEmpty && _old is { } old && await IsSameAsync(content, old, cancellationToken))
        {
            return;
        }

        await WholeFile.WriteAsync(_path, Path.GetDirectoryName(_path)!, file => ArchiveWriter.WriteAsync(content, this, file, cancellationToken), CloseOld);
        _old = ArchiveReader.TryOpen(_path);
    }

    public void Dispose()
    {
        _old?.Dispose();
        _staged.Dispose();
    }

    private static async Task<Descriptor?> FindBelowAsync(ArchiveReader archive, ImageIndex index, Digest digest, CancellationToken cancellationToken)
    {
        foreach (var entry in index.Manifests.Where(entry => MediaTypes.IsIndex(entry.MediaType) && archive.Contains(entry) && entry.Size <= Document.MaxSize))
        {
            await using var stream = archive.Open(entry);
            using var bytes = new MemoryStream();
            await stream.CopyToAsync(bytes, cancellationToken);
            if (ImageIndex.Parse(bytes.ToArray()).Manifests.FirstOrDefault(child => child.Digest == digest) is { } found)
            {
                return found;
            }
        }

        return null;
    }

    /// <summary>Reads the blob of the old archive, once: a disk forgets, and hashing costs less than a broken image.</summary>
    private async Task<bool> IsIntactAsync(Descriptor blob, CancellationToken cancellationToken)
    {
        if (_old is not { } old || !old.Contains(blob))
        {
            return false;
        }

        if (_intact.TryGetValue(blob.Digest, out var isIntact))
        {
            return isIntact;
        }

        try
        {
            await using var stored = old.Open(blob);
            await stored.CopyToAsync(Stream.Null, cancellationToken);
            isIntact = true;
        }
        catch (Exception e) when (e is MultiArchException || DiskErrors.IsDiskError(e))
        {
            isIntact = false;
        }

        return _intact[blob.Digest] = isIntact;
    }

    /// <summary>Windows replaces no file that is open.</summary>
    private void CloseOld()
    {
        _old?.Dispose();
        _old = null;
    }

    private async Task<bool> IsSameAsync(ArchiveContent content, ArchiveReader old, CancellationToken cancellationToken)
    {
        await using var whole = old.OpenWhole();
        await using var comparison = new ComparingStream(whole);
        await ArchiveWriter.WriteAsync(content, this, comparison, cancellationToken);
        return comparison.IsSame();
    }
}
