namespace MultiArch.Debian.Control;

/// <summary>A field whose value is a list with commas, such as <c>Depends</c>. Archives have some with a comma too many.</summary>
internal static class ControlList
{
    /// <exception cref="FormatException">An entry is not what it should be.</exception>
    public static List<T> Parse<T>(string text, Func<string, T> parse) =>
        [.. text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(parse)];
}
