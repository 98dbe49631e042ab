namespace MultiArch.Oci.Layers;

/// <summary>What a layer's tar is, without compressing or keeping a byte of it: a tenth of what packing costs.</summary>
internal static class TarDigest
{
    /// <returns>The diffID, and the bytes of the tar.</returns>
    /// <exception cref="MultiArchException">A file is not as the recipe says, as of <see cref="LayerWriter"/>.</exception>
    public static async Task<(Digest DiffId, long Size)> ComputeAsync(LayerRecipe recipe, CancellationToken cancellationToken)
    {
        await using var tar = new DigestingStream(Stream.Null);
        await LayerWriter.WriteAsync(recipe, tar, cancellationToken);
        return (tar.GetDigest(), tar.Length);
    }
}
