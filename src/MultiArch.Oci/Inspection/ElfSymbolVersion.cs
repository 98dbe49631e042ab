namespace MultiArch.Oci.Inspection;

/// <summary>A version of symbols that one library asks of another.</summary>
/// <remarks>https://refspecs.linuxfoundation.org/LSB_5.0.0/LSB-Core-generic/LSB-Core-generic/symversion.html</remarks>
/// <param name="Library">As in <see cref="ElfFile.Needed"/>: <c>libc.so.6</c>.</param>
/// <param name="Name">Such as <c>GLIBC_2.34</c>.</param>
/// <param name="IsWeak">The loader starts without it.</param>
public sealed record ElfSymbolVersion(string Library, string Name, bool IsWeak = false);
