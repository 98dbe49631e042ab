namespace MultiArch.Oci.Inspection;

/// <summary>What a PE file is made of.</summary>
public enum PeCode
{
    /// <summary>No .NET assembly: a program, library or resource of Windows.</summary>
    Native,

    /// <summary>An assembly of IL, which every runtime compiles for itself.</summary>
    IL,

    /// <summary>An assembly with native code beside its IL, or the composite image that holds it for several.</summary>
    ReadyToRun,

    /// <summary>An assembly with native code of Windows, as C++/CLI makes it.</summary>
    Mixed,
}
