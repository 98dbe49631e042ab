using MultiArch.Oci;

namespace MultiArch.Debian.Sources;

/// <summary>Reads the option <c>Signed-By</c>: paths, fingerprints, or an armored key itself.</summary>
internal static class SignedByOption
{
    private const string BlockStart = "-----BEGIN PGP PUBLIC KEY BLOCK-----";

    /// <exception cref="FormatException">It is none of these.</exception>
    public static SignedBy Parse(string value)
    {
        if (value.Contains(BlockStart, StringComparison.Ordinal))
        {
            // An empty line cannot stand in a control file; a point does in its place.
            var lines = value.Split('\n').Select(line => line.Trim() is "." ? "" : line.Trim());
            return new SignedBy([], [], string.Join('\n', lines.SkipWhile(line => line.Length == 0)) + "\n");
        }

        var words = value.Split([' ', ',', '\t', '\n'], StringSplitOptions.RemoveEmptyEntries);
        return new SignedBy(
            [.. words.Where(word => word.StartsWith('/'))],
            [.. words.Where(word => !word.StartsWith('/')).Select(Fingerprint)],
            Block: null);
    }

    private static string Fingerprint(string word)
    {
        var hex = word.TrimEnd('!');
        return hex.Length is 40 or 64 && hex.All(char.IsAsciiHexDigit) && word.Length - hex.Length <= 1
            ? word.ToUpperInvariant()
            : throw new FormatException($"Signed-By names '{OneLine.Of(word, 80)}', which is neither an absolute path nor a fingerprint");
    }
}
