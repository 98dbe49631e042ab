using MultiArch.Oci.Inspection;

namespace MultiArch.Oci.Verification;

/// <summary>A program, a library or an assembly of an image.</summary>
/// <param name="Path">Absolute, in the image.</param>
/// <param name="Binary">What its headers say.</param>
public sealed record BinaryInImage(string Path, BinaryFile Binary)
{
    /// <summary>Whether it belongs to the operating system, whose packages bring what they need: nothing more than its platform and its loader is asked.</summary>
    public bool IsOfSystem { get; init; }
}
