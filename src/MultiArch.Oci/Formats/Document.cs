namespace MultiArch.Oci.Formats;

/// <summary>A manifest, index or config as its exact bytes: made or read once, hashed once, never serialised again.</summary>
public sealed class Document
{
    /// <summary>Bytes. Registries take manifests up to 4 MiB, and a base image's documents are refused above it.</summary>
    /// <remarks>https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#pushing-manifests</remarks>
    public const int MaxSize = 4 * 1024 * 1024;

    public Document(string mediaType, ReadOnlyMemory<byte> bytes)
    {
        if (bytes.Length > MaxSize)
        {
            throw new MultiArchException(
                DiagnosticCodes.DocumentTooLarge,
                $"A document of type {mediaType} has {bytes.Length} bytes, and registries take {MaxSize}. Shorten the labels and annotations.");
        }

        MediaType = mediaType;
        Bytes = bytes;
        Digest = Digest.Of(bytes.Span);
    }

    public string MediaType { get; }

    public ReadOnlyMemory<byte> Bytes { get; }

    public Digest Digest { get; }

    public Descriptor Describe() => new(MediaType, Digest, Bytes.Length);
}
