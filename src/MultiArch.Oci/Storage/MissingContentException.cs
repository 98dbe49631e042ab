using MultiArch.Oci.Formats;

namespace MultiArch.Oci.Storage;

/// <summary>A manifest cannot be stored because something that it names is not.</summary>
/// <param name="missing">Blobs and manifests that the store says it does not have.</param>
public sealed class MissingContentException(string code, string message, IReadOnlyList<Descriptor> missing, Exception? innerException = null)
    : MultiArchException(code, message, innerException)
{
    public IReadOnlyList<Descriptor> Missing { get; } = missing;
}
