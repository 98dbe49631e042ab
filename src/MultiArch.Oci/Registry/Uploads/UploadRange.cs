using System.Globalization;

namespace MultiArch.Oci.Registry.Uploads;

/// <summary>The two headers that tell where a chunk lies and how much of a blob has arrived.</summary>
/// <remarks>
/// https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#pushing-a-blob-in-chunks. Neither is HTTP's header of the same name:
/// both are <c>first-last</c>, without a unit and without a total.
/// </remarks>
internal static class UploadRange
{
    private const string Start = "0-";

    /// <param name="offset">Of the chunk's first byte.</param>
    /// <param name="length">Bytes, at least one.</param>
    public static string Of(long offset, long length) => string.Create(CultureInfo.InvariantCulture, $"{offset}-{offset + length - 1}");

    /// <summary>How many bytes a <c>Range</c> says have arrived; null when it is none.</summary>
    public static long? StoredBytes(string header) =>
        header.StartsWith(Start, StringComparison.Ordinal)
            && long.TryParse(header.AsSpan(Start.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var last)
            && last < long.MaxValue
            ? last + 1
            : null;
}
