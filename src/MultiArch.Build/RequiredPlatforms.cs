using MultiArch.Oci;

namespace MultiArch.Build;

/// <summary>Reads <c>MultiArchRequiredPlatforms</c>: the platforms that an index must have, by the index's names or by RuntimeIdentifiers.</summary>
internal static class RequiredPlatforms
{
    /// <exception cref="MultiArchException"><see cref="DiagnosticCodes.InvalidRequiredPlatform"/>.</exception>
    /// <param name="texts">A semicolon of the command line, written <c>%3B</c>, stays within one of them.</param>
    public static IReadOnlyList<Platform> Parse(IEnumerable<string> texts) =>
        [.. texts.SelectMany(text => text.Split([';', ','], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)).Select(Parse)];

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
