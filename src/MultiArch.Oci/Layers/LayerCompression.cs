namespace MultiArch.Oci.Layers;

/// <summary>How the tar of a layer is compressed; decides the media type and, with the recipe, every byte.</summary>
public sealed record LayerCompression
{
    private LayerCompression(string mediaType, int level)
    {
        MediaType = mediaType;
        Level = level;
    }

    /// <summary>gzip, level 3: 2.4 % larger than level 6, for 21 % less time.</summary>
    public static LayerCompression Default { get; } = Gzip(3);

    /// <summary>Of the OCI family; the layers of an image in Docker's format are renamed when it is assembled.</summary>
    public string MediaType { get; }

    public int Level { get; }

    /// <param name="level">0 (stored) to 9 (smallest).</param>
    public static LayerCompression Gzip(int level)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(level, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(level, 9);
        return new LayerCompression(MediaTypes.OciLayerGzip, level);
    }
}
