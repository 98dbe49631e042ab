using System.Runtime.InteropServices;
using MultiArch.Oci.Layers.Compression;

namespace MultiArch.Oci.Layers;

/// <summary>How the tar of a layer is compressed; decides the media type and, with the recipe, every byte.</summary>
public sealed record LayerCompression
{
    /// <summary>2.4 % larger than level 6, for 21 % less time.</summary>
    public const int DefaultGzipLevel = 3;

    /// <summary>zstd's own default, and the first whose layers are smaller than those of <c>pigz -6</c>: by 3 %, in the time of gzip's level 3.</summary>
    public const int DefaultZstdLevel = 3;

    private readonly bool _isZstd;

    private LayerCompression(bool isZstd, int level)
    {
        _isZstd = isZstd;
        Level = level;
    }

    /// <summary>gzip, which every client reads.</summary>
    public static LayerCompression Default { get; } = Gzip(DefaultGzipLevel);

    public int Level { get; }

    /// <summary>Of the OCI family; the layers of an image in Docker's format are renamed when it is assembled.</summary>
    public string MediaType => _isZstd ? MediaTypes.OciLayerZstd : MediaTypes.OciLayerGzip;

    /// <summary>
    /// All that decides the compressed bytes beside the tar. zlib comes with the runtime and differs between processors, while the zstd of a
    /// package is the same everywhere; the module's id stands for this library's own code, so that no change of it can be forgotten here.
    /// </summary>
    internal string Identity =>
        _isZstd
            ? $"zstd, level {Level}, frames of {BlockSize}, {ZstdEncoder.Version}, {typeof(LayerCompression).Module.ModuleVersionId}"
            : $"gzip, level {Level}, blocks of {BlockSize}, .NET {Environment.Version} {RuntimeInformation.ProcessArchitecture}, {typeof(LayerCompression).Module.ModuleVersionId}";

    /// <summary>Bytes of the tar that are compressed on their own. Another value gives other bytes.</summary>
    internal int BlockSize => _isZstd ? ZstdEncoder.BlockSize : GzipEncoder.BlockSize;

    /// <param name="level">0 (stored) to 9 (smallest).</param>
    public static LayerCompression Gzip(int level = DefaultGzipLevel)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(level, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(level, 9);
        return new LayerCompression(isZstd: false, level);
    }

    /// <param name="level">1 to 19 (smallest).</param>
    public static LayerCompression Zstd(int level = DefaultZstdLevel)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(level, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(level, 19);
        return new LayerCompression(isZstd: true, level);
    }

    /// <summary>For one thread.</summary>
    internal BlockEncoder CreateEncoder() => _isZstd ? ZstdEncoder.Create(Level) : new GzipEncoder(Level);

    /// <summary>For one stream.</summary>
    internal Framing CreateFraming() => _isZstd ? new Framing() : new GzipMember();
}
