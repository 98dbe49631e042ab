namespace MultiArch.Debian.DebFiles;

/// <summary>How much a package may hold. A package that is signed can still be wrong.</summary>
public sealed record DebLimits
{
    /// <summary>Files, folders and links; Debian's largest packages have some ten thousand.</summary>
    public int MaxEntries { get; init; } = 500_000;

    /// <summary>Bytes of the unpacked control member: fields, scripts and sums.</summary>
    public long MaxControlSize { get; init; } = 32L << 20;

    /// <summary>Bytes of the unpacked data member, whatever the package says of itself.</summary>
    public long MaxDataSize { get; init; } = 8L << 30;

    /// <summary>Bytes that the data member may always have, beside what <c>Installed-Size</c> allows.</summary>
    public long DataSizeSlack { get; init; } = 16L << 20;

    /// <summary>
    /// Installed-Size counts a kibibyte for each file, folder and link that is smaller; its header and a long name take two and a half of a
    /// tar, and a package that another tool has built may count in blocks of its own.
    /// </summary>
    public int DataSizeFactor { get; init; } = 4;

    public static DebLimits Default { get; } = new();
}
