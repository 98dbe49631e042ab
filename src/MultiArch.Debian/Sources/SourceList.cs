using MultiArch.Oci;

namespace MultiArch.Debian.Sources;

/// <summary>What files of sources hold: what can be used, and what cannot.</summary>
public sealed record SourceList(IReadOnlyList<PackageSource> Sources, IReadOnlyList<SkippedSource> Skipped)
{
    public static SourceList Empty { get; } = new([], []);

    public SourceList With(SourceList other) => new([.. Sources, .. other.Sources], [.. Skipped, .. other.Skipped]);
}

/// <summary>A source that cannot be used, which is no reason not to use the others.</summary>
/// <param name="Source">As a line of <c>sources.list</c>.</param>
/// <param name="Origin">Where it was said.</param>
/// <param name="Reason">The end of a sentence.</param>
public sealed record SkippedSource(string Source, string Origin, string Reason)
{
    /// <summary>A line for people, to be told with <see cref="DiagnosticCodes.SourceLeftOut"/>.</summary>
    public override string ToString() =>
        $"The source '{OneLine.Of(Source)}' of {Origin} is left out: {Reason}. If packages come from it, name its archive with MultiArchOSPackageSource.";
}
