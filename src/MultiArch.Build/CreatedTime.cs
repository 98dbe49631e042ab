using System.Globalization;
using MultiArch.Oci;

namespace MultiArch.Build;

/// <summary>When an image says it was created: never "now", or no two publishes would agree.</summary>
internal static class CreatedTime
{
    private const string Constant = "1980-01-01T00:00:01Z";

    // A looser reading would take the day of the build for a missing date.
    private static readonly string[] Rfc3339 = ["yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"];

    /// <param name="created">The property MultiArchCreated: RFC 3339.</param>
    /// <param name="sourceDateEpoch">The environment's SOURCE_DATE_EPOCH: seconds since 1970, https://reproducible-builds.org/specs/source-date-epoch/.</param>
    /// <returns>RFC 3339, in UTC.</returns>
    /// <exception cref="MultiArchException"><see cref="DiagnosticCodes.InvalidCreated"/>.</exception>
    public static string Parse(string? created, string? sourceDateEpoch)
    {
        if (!string.IsNullOrEmpty(created))
        {
            return DateTimeOffset.TryParseExact(created, Rfc3339, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
                ? Format(time)
                : throw Invalid("MultiArchCreated", created, "a time such as 2026-01-31T12:00:00Z");
        }

        if (!string.IsNullOrEmpty(sourceDateEpoch))
        {
            return long.TryParse(sourceDateEpoch, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds <= DateTimeOffset.MaxValue.ToUnixTimeSeconds()
                ? Format(DateTimeOffset.FromUnixTimeSeconds(seconds))
                : throw Invalid("SOURCE_DATE_EPOCH", sourceDateEpoch, "whole seconds since 1970, such as 1700000000");
        }

        return Constant;
    }

    private static string Format(DateTimeOffset time) => time.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static MultiArchException Invalid(string name, string value, string expected) =>
        new(DiagnosticCodes.InvalidCreated, $"{name} is '{value}', which is not a time. Set it to {expected}.");
}
