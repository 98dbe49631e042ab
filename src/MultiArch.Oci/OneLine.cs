using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace MultiArch.Oci;

/// <summary>Text from elsewhere, made fit to stand inside a one-line message.</summary>
internal static partial class OneLine
{
    private const int MaxLength = 300;

    /// <summary>Removes what could forge or hide a line, masks the queries of addresses (they hold signatures), cuts what is long.</summary>
    public static string Of(string? text)
    {
        var line = new StringBuilder(MaxLength);
        foreach (var rune in (text ?? "").EnumerateRunes())
        {
            var isInvisible = Rune.IsControl(rune) || Rune.IsWhiteSpace(rune) || Rune.GetUnicodeCategory(rune) is UnicodeCategory.Format;
            if (!isInvisible)
            {
                line.Append(rune.ToString());
            }
            else if (line.Length > 0 && line[^1] != ' ')
            {
                line.Append(' ');
            }
        }

        var masked = Query().Replace(line.ToString().TrimEnd(), "?…");
        return masked.Length <= MaxLength ? masked : masked[..MaxLength] + "…";
    }

    [GeneratedRegex(@"(?<=https?://[^\s?""']{1,300})\?[^\s""']+", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Query();
}
