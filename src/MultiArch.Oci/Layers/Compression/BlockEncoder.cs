namespace MultiArch.Oci.Layers.Compression;

/// <summary>Compresses blocks, one at a time; what becomes of a block depends on nothing before or after it.</summary>
internal abstract class BlockEncoder : IDisposable
{
    public abstract void Encode(Block block);

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
    }
}
