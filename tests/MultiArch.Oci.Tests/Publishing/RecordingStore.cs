using MultiArch.Oci.Formats;
using MultiArch.Oci.Storage;

namespace MultiArch.Oci.Tests.Publishing;

/// <summary>A store in memory that writes down what is asked of it, and fails on request.</summary>
internal sealed class RecordingStore : IImageStore
{
    private readonly Lock _lock = new();
    private readonly Dictionary<Digest, byte[]> _blobs = [];
    private readonly Dictionary<string, Document> _manifests = [];
    private readonly List<string> _calls = [];

    /// <summary>Writes in their order: <c>blob digest</c>, <c>manifest digest</c>, <c>tag name</c>.</summary>
    public IReadOnlyList<string> Writes => Calls("blob ", "manifest ", "tag ");

    /// <summary>Each <c>open digest</c> of a blob and <c>find reference</c> of a manifest.</summary>
    public IReadOnlyList<string> Reads => Calls("open ", "find ");

    /// <summary>All that was asked and written: beside the above, <c>head digest</c> of a blob and <c>resolve tag</c>.</summary>
    public IReadOnlyList<string> All => Calls("");

    /// <summary>Where each blob that was written could have been mounted from.</summary>
    public Dictionary<Digest, ImageReference?> MountFrom { get; } = [];

    /// <inheritdoc/>
    public ImageReference? Repository { get; init; }

    /// <summary>Whether it says what a tag names without being asked for the manifest, and answers for the image behind it, as a registry does.</summary>
    public bool KnowsTags { get; init; }

    /// <summary>Whether it refuses a manifest that names what it does not have, as docker-registry does.</summary>
    public bool RefusesDangling { get; init; }

    /// <summary>Called each time an image is read back, before it is.</summary>
    public Action<int> BeforeReadBack { get; init; } = _ => { };

    /// <summary>Called with each write before it happens.</summary>
    public Action<string> BeforeWrite { get; init; } = _ => { };

    public void Lose(Digest blob)
    {
        lock (_lock)
        {
            _blobs.Remove(blob);
        }
    }

    /// <summary>As a registry that is restarted and kept all in memory.</summary>
    public void LoseAll()
    {
        lock (_lock)
        {
            _blobs.Clear();
            _manifests.Clear();
        }
    }

    /// <summary>Puts other bytes in a blob's place, which goes by its old digest.</summary>
    public void Spoil(Digest blob, byte[] content)
    {
        lock (_lock)
        {
            _blobs[blob] = content;
        }
    }

    public Task<bool> ContainsBlobAsync(Descriptor blob, CancellationToken cancellationToken)
    {
        Record($"head {blob.Digest}");
        lock (_lock)
        {
            return Task.FromResult(_blobs.ContainsKey(blob.Digest));
        }
    }

    public Task<Stream> OpenBlobAsync(Descriptor blob, CancellationToken cancellationToken)
    {
        Record($"open {blob.Digest}");
        lock (_lock)
        {
            return _blobs.TryGetValue(blob.Digest, out var content)
                ? Task.FromResult<Stream>(new MemoryStream(content, writable: false))
                : throw new MultiArchException(DiagnosticCodes.RegistryRefused, $"There is no blob {blob.Digest}.");
        }
    }

    public async Task<BlobWrite> WriteBlobAsync(Descriptor blob, BlobSource source, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        BeforeWrite($"blob {blob.Digest}");
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
        {
            if (_blobs.ContainsKey(blob.Digest))
            {
                return BlobWrite.Reused;
            }
        }

        var mountFrom = await source.FindMountFromAsync(cancellationToken);
        await using var content = await source.OpenAsync(cancellationToken);
        using var bytes = new MemoryStream();
        await content.CopyToAsync(bytes, cancellationToken);
        Assert.AreEqual(blob.Digest, Digest.Of(bytes.ToArray()));
        lock (_lock)
        {
            _blobs[blob.Digest] = bytes.ToArray();
            MountFrom[blob.Digest] = mountFrom;
        }

        Record($"blob {blob.Digest}");
        return BlobWrite.Uploaded;
    }

    public Task<Document?> FindManifestAsync(string reference, CancellationToken cancellationToken)
    {
        Record($"find {reference}");
        lock (_lock)
        {
            return Task.FromResult(_manifests.GetValueOrDefault(reference));
        }
    }

    public Task<Digest?> FindDigestAsync(string tag, CancellationToken cancellationToken)
    {
        Record($"resolve {tag}");
        lock (_lock)
        {
            return Task.FromResult(KnowsTags ? _manifests.GetValueOrDefault(tag)?.Digest : null);
        }
    }

    public async Task<bool> HoldsTaggedAsync(Document image, IReadOnlyList<string> tags, CancellationToken cancellationToken)
    {
        foreach (var tag in tags)
        {
            if (await FindDigestAsync(tag, cancellationToken) != image.Digest)
            {
                return false;
            }
        }

        lock (_lock)
        {
            return tags.Count > 0 || _manifests.ContainsKey(image.Digest.ToString());
        }
    }

    public Task<IReadOnlyList<Descriptor>> FindMissingAsync(Document image, CancellationToken cancellationToken)
    {
        Record($"read back {image.Digest}");
        BeforeReadBack(All.Count(call => call.StartsWith("read back ", StringComparison.Ordinal)));
        var manifests = MediaTypes.IsIndex(image.MediaType)
            ? ImageIndex.Parse(image.Bytes.Span).Manifests.Select(child => _manifests.GetValueOrDefault(child.Digest.ToString())).OfType<Document>()
            : [image];
        return Task.FromResult<IReadOnlyList<Descriptor>>([.. manifests.Prepend(image).SelectMany(Missing).DistinctBy(content => content.Digest)]);
    }

    private List<Descriptor> Missing(Document manifest)
    {
        lock (_lock)
        {
            if (MediaTypes.IsIndex(manifest.MediaType))
            {
                return [.. ImageIndex.Parse(manifest.Bytes.Span).Manifests.Where(child => !_manifests.ContainsKey(child.Digest.ToString()))];
            }

            var content = ImageManifest.Parse(manifest.Bytes.Span);
            return [.. content.Layers.Prepend(content.Config).Where(blob => !_blobs.ContainsKey(blob.Digest))];
        }
    }

    public Task WriteManifestAsync(Document manifest, CancellationToken cancellationToken)
    {
        BeforeWrite($"manifest {manifest.Digest}");
        if (RefusesDangling && Missing(manifest) is { Count: > 0 } missing)
        {
            throw new MissingContentException(DiagnosticCodes.RegistryRefused, "MANIFEST_BLOB_UNKNOWN", missing);
        }

        Record($"manifest {manifest.Digest}");
        return StoreAsync(manifest.Digest.ToString(), manifest);
    }

    public async Task<Digest?> ReplaceTagAsync(Document manifest, string tag, Digest? expected, CancellationToken cancellationToken)
    {
        if (await FindDigestAsync(tag, cancellationToken) == expected)
        {
            await TagAsync(manifest, [tag], cancellationToken);
        }

        return await FindDigestAsync(tag, cancellationToken);
    }

    public Task TagAsync(Document manifest, IReadOnlyList<string> tags, CancellationToken cancellationToken)
    {
        foreach (var tag in tags)
        {
            BeforeWrite($"tag {tag}");
            Record($"tag {tag}");
            StoreAsync(tag, manifest);
        }

        return Task.CompletedTask;
    }

    private Task StoreAsync(string reference, Document manifest)
    {
        lock (_lock)
        {
            _manifests[reference] = manifest;
        }

        return Task.CompletedTask;
    }

    private void Record(string call)
    {
        lock (_lock)
        {
            _calls.Add(call);
        }
    }

    private List<string> Calls(params string[] kinds)
    {
        lock (_lock)
        {
            return [.. _calls.Where(call => kinds.Any(kind => call.StartsWith(kind, StringComparison.Ordinal)))];
        }
    }
}
