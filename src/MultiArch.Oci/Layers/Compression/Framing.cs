namespace MultiArch.Oci.Layers.Compression;

/// <summary>What makes one stream of encoded blocks. By itself nothing: blocks that are whole frames only follow each other.</summary>
internal class Framing
{
    /// <summary>Before the first block.</summary>
    public virtual ReadOnlyMemory<byte> Start => default;

    /// <summary>After the last block that was added.</summary>
    public virtual ReadOnlyMemory<byte> End => default;

    /// <summary>Takes note of a block that was written.</summary>
    public virtual void Add(Block block)
    {
    }
}
