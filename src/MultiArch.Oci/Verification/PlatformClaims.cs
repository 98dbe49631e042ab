using MultiArch.Oci.Inspection;

namespace MultiArch.Oci.Verification;

/// <summary>Compares what the documents of one image say of its platform.</summary>
public static class PlatformClaims
{
    /// <param name="claimed">What clients choose by: the index entry, or the platform that was asked for.</param>
    /// <param name="others">Where another claim stands, such as <c>config</c>, and the claim.</param>
    /// <returns>One for each that differs, after containerd's normalisation.</returns>
    public static IEnumerable<PlatformFault> Compare(Platform claimed, params IEnumerable<(string Where, Platform Platform)> others) => others
        .Where(other => !other.Platform.IsSameAs(claimed))
        .Select(other => new PlatformFault(
            other.Where,
            FaultKind.PlatformContradicted,
            IsCertain: true,
            $"{other.Platform}",
            $"{claimed}, as the index says",
            RunTimeTexts.NoMatch(claimed.ToString())));
}
