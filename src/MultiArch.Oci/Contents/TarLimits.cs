namespace MultiArch.Oci.Contents;

/// <summary>How much of a tar that somebody else made is read.</summary>
/// <param name="MaxEntries">Headers, those of long names included.</param>
/// <param name="MaxBytes">Of the tar.</param>
/// <param name="MaxMetadata">Bytes of one long name or one set of attributes, which a reader holds in memory.</param>
/// <param name="RequiresEnd">Whether a tar has to end as one, and not just to stop between two entries.</param>
internal sealed record TarLimits(int MaxEntries, long MaxBytes, int MaxMetadata, bool RequiresEnd)
{
    /// <summary>The largest public images have some hundred thousand files and some ten GB.</summary>
    public static TarLimits OfLayer { get; } = new(2_000_000, 64L << 30, 1 << 20, RequiresEnd: false);
}
