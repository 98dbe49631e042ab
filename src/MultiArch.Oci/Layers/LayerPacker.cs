using MultiArch.Oci.Formats;
using MultiArch.Oci.Layers.Compression;

namespace MultiArch.Oci.Layers;

/// <summary>Makes the compressed file of a layer from its recipe.</summary>
public static class LayerPacker
{
    /// <summary>
    /// Writes the layer in one pass to <c>folder/&lt;hex of its digest&gt;</c>. The file has that name only when it is complete; after any
    /// failure nothing is left of it.
    /// </summary>
    /// <param name="folder">An absolute path; made if it is missing.</param>
    /// <param name="pool">Shared by all layers that are packed at the same time. The bytes do not depend on it.</param>
    /// <exception cref="MultiArchException">
    /// <see cref="DiagnosticCodes.CannotWrite"/>, naming the folder; or, naming the file, <see cref="DiagnosticCodes.FileChanged"/>,
    /// <see cref="DiagnosticCodes.FileVanished"/> or <see cref="DiagnosticCodes.CannotRead"/>.
    /// </exception>
    public static async Task<Layer> PackAsync(
        LayerRecipe recipe,
        LayerCompression compression,
        string folder,
        PackingPool pool,
        CancellationToken cancellationToken)
    {
        if (!Path.IsPathFullyQualified(folder))
        {
            throw new ArgumentException($"'{folder}' is not an absolute path.", nameof(folder));
        }

        var unfinished = Path.Combine(folder, $"{Guid.NewGuid():N}.unfinished");
        try
        {
            Directory.CreateDirectory(folder);
            var (descriptor, diffId, uncompressedSize) = await WriteAsync(recipe, compression, unfinished, pool, cancellationToken);
            var file = Path.Combine(folder, descriptor.Digest.Hex);
            File.Move(unfinished, file, overwrite: true);
            return new Layer(descriptor, diffId, recipe.Title, uncompressedSize, file);
        }
        catch (Exception e)
        {
            TryDelete(unfinished);

            // The faults of sources have their codes already, so these are the folder's.
            if (e is IOException or UnauthorizedAccessException)
            {
                throw new MultiArchException(
                    DiagnosticCodes.CannotWrite,
                    $"The layer '{recipe.Title}' cannot be written into the folder '{folder}': {e.Message.TrimEnd('.')}. Free space on its disk, or make the folder writable for the user who publishes.",
                    e);
            }

            throw;
        }
    }

    private static async Task<(Descriptor Descriptor, Digest DiffId, long UncompressedSize)> WriteAsync(
        LayerRecipe recipe,
        LayerCompression compression,
        string path,
        PackingPool pool,
        CancellationToken cancellationToken)
    {
        await using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0, FileOptions.Asynchronous);
        await using var compressed = new DigestingStream(file);

        await using var compressing = new CompressingStream(compressed, compression, pool);
        await using var tar = new DigestingStream(compressing);
        await LayerWriter.WriteAsync(recipe, tar, cancellationToken);
        await compressing.CompleteAsync(cancellationToken);
        return (new Descriptor(compression.MediaType, compressed.GetDigest(), compressed.Length), tar.GetDigest(), tar.Length);
    }

    private static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // What stopped the packing is the error to report.
        }
    }
}
