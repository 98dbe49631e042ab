using System.Buffers.Binary;
using System.IO.Compression;

namespace MultiArch.Oci.Layers.Compression;

/// <summary>Makes raw deflate bytes of a block, without a last deflate block, so that others can follow.</summary>
internal sealed class GzipEncoder(int level) : BlockEncoder
{
    /// <summary>Less costs compression at every border, more costs memory.</summary>
    public const int BlockSize = 1024 * 1024;

    private const int HeaderBytes = 10;
    private const int LengthBytes = 4;

    private readonly ZLibCompressionOptions _options = new() { CompressionLevel = level };

    public override void Encode(Block block)
    {
        var output = block.Output;
        output.SetLength(0);
        int end;
        using (var gzip = new GZipStream(output, _options, leaveOpen: true))
        {
            gzip.Write(block.Input);
            gzip.Flush();
            end = (int)output.Length;
        }

        // Only the checksum of this member is of use: its header lies before, its end behind what is handed out.
        block.Encoded = output.GetBuffer().AsMemory(HeaderBytes, end - HeaderBytes);
        block.Checksum = BinaryPrimitives.ReadUInt32LittleEndian(output.GetBuffer().AsSpan((int)output.Length - sizeof(uint) - LengthBytes));
    }
}
