namespace MultiArch.Oci.Registry.Transport.Retries;

/// <summary>Reads the <c>Retry-After</c> header: seconds, or a date.</summary>
/// <remarks>https://www.rfc-editor.org/rfc/rfc9110#name-retry-after</remarks>
internal static class RetryAfter
{
    /// <summary>Docker Hub's window is six hours, and nobody means weeks.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromDays(7);

    /// <returns>More than zero; null when the answer does not say, or nothing that can be meant: garbage, the past, centuries.</returns>
    public static TimeSpan? Read(HttpResponseMessage response, TimeProvider time)
    {
        var after = response.Headers.RetryAfter switch
        {
            { Delta: { } seconds } => seconds,
            // By the registry's own clock where it shows it: this machine's may go wrong.
            { Date: { } date } => date - (response.Headers.Date ?? time.GetUtcNow()),
            _ => TimeSpan.Zero,
        };
        return after > TimeSpan.Zero && after <= Longest ? after : null;
    }
}
