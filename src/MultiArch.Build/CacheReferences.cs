using MultiArch.Oci;

namespace MultiArch.Build;

/// <summary>Reads the property MultiArchCacheFrom.</summary>
internal static class CacheReferences
{
    /// <param name="texts">Image references.</param>
    /// <exception cref="MultiArchException"><see cref="DiagnosticCodes.InvalidCacheReference"/>.</exception>
    public static IReadOnlyList<ImageReference> Parse(IEnumerable<string> texts) =>
        [.. texts.Select(text => text.Trim()).Where(text => text.Length > 0).Distinct(StringComparer.Ordinal).Select(Parse)];

    private static ImageReference Parse(string text)
    {
        try
        {
            return ImageReference.Parse(text);
        }
        catch (FormatException e)
        {
            throw new MultiArchException(
                DiagnosticCodes.InvalidCacheReference,
                $"MultiArchCacheFrom '{text}' cannot be used: {OneLine.Sentence(e.Message)} Name images such as ghcr.io/me/app:main, separated by ;.",
                e);
        }
    }
}
