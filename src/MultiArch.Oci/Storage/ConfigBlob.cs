using MultiArch.Oci.Formats;

namespace MultiArch.Oci.Storage;

/// <summary>The blob that holds an image's config, read whole.</summary>
internal static class ConfigBlob
{
    /// <exception cref="FormatException">It is larger than a config may be.</exception>
    public static void CheckSize(Descriptor config)
    {
        if (config.Size > Document.MaxSize)
        {
            throw new FormatException($"its config has {config.Size} bytes, more than {Document.MaxSize}");
        }
    }

    /// <inheritdoc cref="CheckSize"/>
    public static async Task<ReadOnlyMemory<byte>> ReadAsync(IImageStore store, Descriptor config, CancellationToken cancellationToken)
    {
        CheckSize(config);
        await using var stream = await store.OpenBlobAsync(config, cancellationToken);
        using var bytes = new MemoryStream();
        await stream.CopyToAsync(bytes, cancellationToken);
        return bytes.GetBuffer().AsMemory(0, (int)bytes.Length);
    }
}
