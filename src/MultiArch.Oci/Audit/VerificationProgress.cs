namespace MultiArch.Oci.Audit;

/// <summary>An image whose layers are about to be read.</summary>
/// <param name="Name">Its platform.</param>
/// <param name="Size">Bytes of its layers as they are stored; some may be read already, for another platform.</param>
public sealed record VerificationProgress(string Name, int Layers, long Size);
