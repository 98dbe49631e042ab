namespace MultiArch.Oci.Audit;

/// <summary>What is about to be read, for who waits for it.</summary>
public abstract record VerificationProgress
{
    private VerificationProgress()
    {
    }

    /// <param name="Name">Of the image: its platform.</param>
    /// <param name="Size">Bytes of its layers as they are stored; some may be read already, for another platform.</param>
    public sealed record Image(string Name, int Layers, long Size) : VerificationProgress;

    /// <param name="Name">Of the image that it is read for first.</param>
    /// <param name="Number">From 1, from the bottom up.</param>
    /// <param name="Size">Bytes as they are stored.</param>
    public sealed record Layer(string Name, int Number, int Layers, long Size) : VerificationProgress;
}
