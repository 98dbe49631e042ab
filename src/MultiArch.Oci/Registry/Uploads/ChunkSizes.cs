namespace MultiArch.Oci.Registry.Uploads;

/// <summary>How large a request's body is tried to be, where a blob cannot go in one piece.</summary>
internal static class ChunkSizes
{
    // Bytes: below Cloudflare's 100 MB; the size that proxies are often given; the least that Amazon ECR takes; the most that GHCR takes;
    // nginx's own limit when nobody sets client_max_body_size.
    private static readonly long[] Steps = [95_000_000, 16 * 1024 * 1024, 5 * 1024 * 1024, 4 * 1024 * 1024, 1024 * 1024];

    // A registry may ask for any size; nobody needs to find out what a larger one does to the proxies in between.
    private const long MostAskedFor = 1024 * 1024 * 1024;

    public static long Largest => Steps[0];

    /// <summary>The next smaller one after a body of so many bytes was too large; null when there is none.</summary>
    public static long? Below(long refused)
    {
        foreach (var step in Steps)
        {
            if (step < refused)
            {
                return step;
            }
        }

        return null;
    }

    /// <summary>Reads <c>OCI-Chunk-Min-Length</c>; zero when there is none, or one that makes no sense.</summary>
    public static long AskedFor(string? header) =>
        long.TryParse(header, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var size) ? Math.Min(size, MostAskedFor) : 0;
}
