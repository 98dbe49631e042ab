using System.Text.Json;
using MultiArch.Oci.Formats;
using MultiArch.Oci.Storage;

namespace MultiArch.Oci.Publishing;

/// <summary>Reads the manifests and configs of base images, and keeps them by digest: what a digest names never changes, so it is asked for once.</summary>
/// <remarks>A digest costs no request then, and a tag one. What lies in the folder is hashed at every read, so that nothing in it can make a wrong image.</remarks>
/// <param name="folder">Absolute; null keeps nothing.</param>
public sealed class BaseDocuments(string? folder)
{
    // A base of three platforms has seven documents of a few kB, and is followed by another every month.
    private const int Capacity = 128;

    /// <summary>Bytes; larger documents are not kept.</summary>
    private const int MaxKept = 512 * 1024;

    private readonly CacheFolder _files = new(folder, Capacity);

    /// <param name="reference">A tag or a digest.</param>
    /// <returns>Null when the store has none.</returns>
    public async Task<Document?> FindManifestAsync(IImageStore store, string reference, CancellationToken cancellationToken)
    {
        if (await FindDigestAsync(store, reference, cancellationToken) is { } digest && Read(store, digest) is { } bytes && StatedMediaType(bytes) is { } mediaType)
        {
            return new Document(mediaType, bytes);
        }

        var document = await store.FindManifestAsync(reference, cancellationToken);
        if (document is not null && StatedMediaType(document.Bytes) == document.MediaType)
        {
            Keep(store, document.Digest, document.Bytes.Span);
        }

        return document;
    }

    /// <exception cref="FormatException">It is too large.</exception>
    public async Task<ReadOnlyMemory<byte>> ReadConfigAsync(IImageStore store, Descriptor config, CancellationToken cancellationToken)
    {
        ConfigBlob.CheckSize(config);
        if (Read(store, config.Digest) is { } kept && kept.Length == config.Size)
        {
            return kept;
        }

        var bytes = await ConfigBlob.ReadAsync(store, config, cancellationToken);
        Keep(store, config.Digest, bytes.Span);
        return bytes;
    }

    /// <summary>A layout is on this disk already.</summary>
    private static bool IsKept(IImageStore store) => store.Repository is not null;

    private async Task<Digest?> FindDigestAsync(IImageStore store, string reference, CancellationToken cancellationToken)
    {
        if (Digest.TryParse(reference, out var digest))
        {
            return digest;
        }

        // Who has kept nothing yet asks for the document at once.
        return IsKept(store) && _files.Exists ? await store.FindDigestAsync(reference, cancellationToken) : null;
    }

    private void Keep(IImageStore store, Digest digest, ReadOnlySpan<byte> bytes)
    {
        // What is there already is left alone: a registry that names no digests has its documents read each time.
        if (IsKept(store) && bytes.Length <= MaxKept && Read(store, digest) is null)
        {
            _files.Write(digest.Hex, bytes);
        }
    }

    private byte[]? Read(IImageStore store, Digest digest) =>
        IsKept(store) && _files.Read(digest.Hex, MaxKept) is { } bytes && Digest.Of(bytes) == digest ? bytes : null;

    /// <summary>What a manifest says it is; one that leaves it to a header is not kept, since no file has a header.</summary>
    private static string? StatedMediaType(ReadOnlyMemory<byte> manifest)
    {
        try
        {
            using var json = JsonDocument.Parse(manifest);
            return json.RootElement.TryGetProperty("mediaType", out var value) && value.GetString() is { } stated && MediaTypes.Manifests.Contains(stated) ? stated : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
