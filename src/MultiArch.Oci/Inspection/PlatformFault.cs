namespace MultiArch.Oci.Inspection;

/// <summary>A file that does not fit the platform of its image.</summary>
/// <param name="Path">Of the file in the image.</param>
/// <param name="IsCertain">Whatever uses the file fails. Otherwise it depends on what nobody can see in the headers: whether anything uses it, or what the host can do.</param>
/// <param name="Found">What the file is, in a few words. Names in it are the file's own and may hold anything.</param>
/// <param name="Expected">What it would have to be, in a few words.</param>
/// <param name="Texts">What users would read when it is used, one for each place where they differ.</param>
public sealed record PlatformFault(string Path, FaultKind Kind, bool IsCertain, string Found, string Expected, IReadOnlyList<RunTimeText> Texts)
{
    /// <summary>The name of the library that is not there; null where none is.</summary>
    public string? Library { get; init; }
}
