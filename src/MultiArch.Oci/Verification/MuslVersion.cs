using System.Text;
using System.Text.RegularExpressions;

namespace MultiArch.Oci.Verification;

/// <summary>Reads musl's version out of its one file, which has it as the text that it shows when it is started by itself.</summary>
internal static partial class MuslVersion
{
    public static Version? Of(ReadOnlySpan<byte> loader)
    {
        var text = Encoding.Latin1.GetString(loader);
        return Text().Match(text) is { Success: true } match ? Version.Parse(match.Groups[1].Value) : null;
    }

    [GeneratedRegex(@"\0(1\.[0-9]{1,2}\.[0-9]{1,3})(?:[-_][^\0]{0,40})?\0", RegexOptions.CultureInvariant)]
    private static partial Regex Text();
}
