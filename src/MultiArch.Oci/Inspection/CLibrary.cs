namespace MultiArch.Oci.Inspection;

/// <summary>The C library that a program was linked for. None of them satisfies what was linked for another.</summary>
public enum CLibrary
{
    /// <summary>None is named: a static program, a library that needs none, or a platform of which nothing is known.</summary>
    Unknown,

    /// <summary>Of Debian, Ubuntu, Azure Linux, Fedora.</summary>
    Glibc,

    /// <summary>Of Alpine.</summary>
    Musl,

    /// <summary>Of Android.</summary>
    Bionic,
}
