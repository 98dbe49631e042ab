using MultiArch.Oci.Formats;
using MultiArch.Oci.Storage;

namespace MultiArch.Oci.Tests.Publishing;

/// <summary>A store in memory that writes down what is asked of it, and fails on request.</summary>
internal sealed class RecordingStore : IImageStore
{
    private readonly Lock _lock = new();
    private readonly Dictionary<Digest, byte[]> _blobs = [];
    private readonly HashSet<Digest> _promised = [];
    private readonly Dictionary<string, Document> _manifests = [];
    private readonly List<string> _calls = [];

    /// <summary>Writes in their order: <c>blob digest</c>, <c>manifest digest</c>, <c>tag name</c>.</summary>
    public IReadOnlyList<string> Writes => Calls("blob ", "manifest ", "tag ");

    /// <summary>Each <c>open digest</c> of a blob and <c>find reference</c> of a manifest.</summary>
    public IReadOnlyList<string> Reads => Calls("open ", "find ");

    /// <summary>Where each blob that was written could have been mounted from.</summary>
    public Dictionary<Digest, ImageReference?> MountFrom { get; } = [];

    /// <summary>Called with each write before it happens.</summary>
    public Action<string> BeforeWrite { get; init; } = _ => { };

    /// <summary>Loses a blob, or spoils it: <see cref="ContainsBlobAsync"/> goes on saying that it is there, and a write finds that it is not.</summary>
    public void Lose(Digest blob, bool unnoticed = false)
    {
        lock (_lock)
        {
            _blobs.Remove(blob);
            if (unnoticed)
            {
                _promised.Add(blob);
            }
        }
    }

    public Task<bool> ContainsBlobAsync(Descriptor blob, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult(_blobs.ContainsKey(blob.Digest) || _promised.Contains(blob.Digest));
        }
    }

    public Task<Stream> OpenBlobAsync(Descriptor blob, CancellationToken cancellationToken)
    {
        Record($"open {blob.Digest}");
        lock (_lock)
        {
            return Task.FromResult<Stream>(new MemoryStream(_blobs[blob.Digest], writable: false));
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

        await using var content = await source.OpenAsync(cancellationToken);
        using var bytes = new MemoryStream();
        await content.CopyToAsync(bytes, cancellationToken);
        Assert.AreEqual(blob.Digest, Digest.Of(bytes.ToArray()));
        lock (_lock)
        {
            _blobs[blob.Digest] = bytes.ToArray();
            MountFrom[blob.Digest] = source.MountFrom;
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

    public Task WriteManifestAsync(Document manifest, CancellationToken cancellationToken)
    {
        BeforeWrite($"manifest {manifest.Digest}");
        Record($"manifest {manifest.Digest}");
        return StoreAsync(manifest.Digest.ToString(), manifest);
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
