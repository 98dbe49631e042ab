using SharpCompress.Compressors.ZStandard;

namespace MultiArch.Oci.Layers.Compression;

/// <summary>Makes a zstd frame of a block. SharpCompress is not loaded until it is used.</summary>
/// <remarks>
/// https://www.rfc-editor.org/rfc/rfc8878#section-3: frames that follow each other are decoded as one stream. They say their size and carry
/// no checksum of their own, since the blob's digest covers every byte.
/// </remarks>
internal sealed class ZstdEncoder : BlockEncoder
{
    /// <summary>Twice that makes layers 0.5 % smaller, half of it 1.5 % larger.</summary>
    public const int BlockSize = 2 * 1024 * 1024;

    private readonly Compressor _compressor;

    private ZstdEncoder(int level) => _compressor = new Compressor(level);

    /// <summary>Of the encoder, with its name.</summary>
    public static string Version => typeof(Compressor).Assembly.GetName() is var name ? $"{name.Name} {name.Version}" : "";

    public static BlockEncoder Create(int level) => new ZstdEncoder(level);

    public override void Encode(Block block)
    {
        var bound = Compressor.GetCompressBound(block.Length);
        block.Output.Capacity = Math.Max(block.Output.Capacity, bound);
        var output = block.Output.GetBuffer();
        block.Encoded = output.AsMemory(0, _compressor.Wrap(block.Input, output));
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _compressor.Dispose();
        }

        base.Dispose(disposing);
    }
}
