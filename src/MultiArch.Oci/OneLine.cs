using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace MultiArch.Oci;

/// <summary>Text from elsewhere, made fit to stand inside a one-line message.</summary>
public static partial class OneLine
{
    private const int MaxLength = 300;
    private const int MaxSentence = 1000;

    /// <summary>
    /// Removes what could forge or hide a line, breaks what a CI's agent takes for a command wherever it stands in one, masks the queries of addresses (they hold signatures) and who is named in them (with a
    /// password), cuts what is long.
    /// </summary>
    public static string Of(string? text, int maxLength = MaxLength)
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

        var masked = Command().Replace(UserInfo().Replace(Query().Replace(line.ToString().TrimEnd(), "?…"), ""), "# #");
        return masked.Length <= maxLength ? masked : masked[..maxLength] + "…";
    }

    /// <summary>The same, as a sentence: .NET ends some of the system's words with a full stop and some not. Longer, as a path that ends in it may be.</summary>
    public static string Sentence(string? text) => Of(text, MaxSentence).TrimEnd('.', ' ') + ".";

    [GeneratedRegex(@"(?<=https?://[^\s?""']{1,300})\?[^\s""']+", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Query();

    /// <remarks>
    /// <c>##vso[task.setvariable …]</c> of Azure Pipelines, <c>##[command]</c> of GitHub Actions, <c>##teamcity[…]</c>.
    /// https://learn.microsoft.com/azure/devops/pipelines/scripts/logging-commands
    /// </remarks>
    [GeneratedRegex(@"##(?=[a-z]*\[)", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Command();

    [GeneratedRegex(@"(?<=[a-z]://)[^\s/?#""']+@", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex UserInfo();
}
