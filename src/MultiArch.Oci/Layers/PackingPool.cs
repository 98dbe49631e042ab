namespace MultiArch.Oci.Layers;

/// <summary>The workers that all layers of a publish share, so that processors and memory are bounded whatever the number of layers.</summary>
/// <param name="workers">At most so many blocks are compressed at a time. The bytes do not depend on it.</param>
public sealed class PackingPool(int workers) : IDisposable
{
    internal int Workers { get; } = workers;

    public void Dispose()
    {
    }
}
