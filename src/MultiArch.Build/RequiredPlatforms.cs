using MultiArch.Oci;

namespace MultiArch.Build;

/// <summary>Reads <c>MultiArchRequiredPlatforms</c>: the platforms that an index must have, by the index's names or by RuntimeIdentifiers.</summary>
internal static class RequiredPlatforms
{
    /// <exception cref="MultiArchException"><see cref="DiagnosticCodes.InvalidRequiredPlatform"/>.</exception>
    public static IReadOnlyList<Platform> Parse(IEnumerable<string> texts) => [.. texts.Select(text => text.Trim()).Where(text => text.Length > 0).Select(Parse)];

    private static Platform Parse(string text)
    {
        try
        {
            return text.Contains('/', StringComparison.Ordinal) ? Platform.Parse(text) : RuntimeIdentifiers.ToPlatform(text);
        }
        catch (Exception e) when (e is FormatException or MultiArchException)
        {
            throw new MultiArchException(
                DiagnosticCodes.InvalidRequiredPlatform, $"MultiArchRequiredPlatforms '{OneLine.Of(text)}' is no platform. Write linux/arm64 or linux-arm64 for each, separated by ;.", e);
        }
    }
}
