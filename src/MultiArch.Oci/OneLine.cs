using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace MultiArch.Oci;

/// <summary>Text from elsewhere, made fit to stand inside a one-line message.</summary>
public static partial class OneLine
{
    private const int MaxLength = 300;

    /// <summary>An Azure Pipelines agent obeys what follows, wherever in a line of the log it stands.</summary>
    private const string AzureCommand = "##vso";

    /// <summary>
    /// Removes what could forge or hide a line or command the agent of a pipeline, masks the queries of addresses (they hold signatures) and who is named in them (with a
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

        var masked = UserInfo().Replace(Query().Replace(line.ToString().TrimEnd(), "?…"), "");
        var harmless = masked.Replace(AzureCommand, "## vso", StringComparison.OrdinalIgnoreCase);
        return harmless.Length <= maxLength ? harmless : harmless[..maxLength] + "…";
    }

    [GeneratedRegex(@"(?<=https?://[^\s?""']{1,300})\?[^\s""']+", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Query();

    [GeneratedRegex(@"(?<=[a-z]://)[^\s/?#""']+@", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex UserInfo();
}
