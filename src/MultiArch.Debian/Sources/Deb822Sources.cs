using MultiArch.Debian.Control;
using MultiArch.Oci;

namespace MultiArch.Debian.Sources;

/// <summary>Reads the form of <c>*.sources</c>, with a paragraph for each entry.</summary>
/// <remarks>https://manpages.debian.org/bookworm/apt/sources.list.5.en.html#DEB822-STYLE_FORMAT.</remarks>
public static class Deb822Sources
{
    /// <param name="file">Named in messages, with the number of the paragraph.</param>
    /// <param name="isLocal">Whether the file belongs to this machine, so that <c>file:</c> means what it says.</param>
    /// <exception cref="MultiArchException"><see cref="DiagnosticCodes.InvalidAptSources"/>.</exception>
    public static SourceList Parse(string text, string file, bool isLocal)
    {
        var list = SourceList.Empty;
        var number = 0;
        try
        {
            foreach (var paragraph in ControlParagraph.ParseAll(text))
            {
                number++;
                list = list.With(ReadEntry(paragraph, $"{file}, entry {number}", isLocal).Expand());
            }
        }
        catch (FormatException e)
        {
            throw AptFile.Invalid(number > 0 ? $"{file}, entry {number}" : file, e);
        }

        return list;
    }

    private static SourceEntry ReadEntry(ControlParagraph paragraph, string origin, bool isLocal) => new(
        Required(paragraph, "Types"),
        Required(paragraph, "URIs"),
        Required(paragraph, "Suites"),
        Words(paragraph["Components"]),
        paragraph.Names.ToDictionary(name => name, name => paragraph[name]!, StringComparer.OrdinalIgnoreCase), // Each name has a value.
        origin,
        isLocal);

    private static string[] Required(ControlParagraph paragraph, string name) =>
        Words(paragraph[name]) is { Length: > 0 } words ? words : throw new FormatException($"it has no {name}");

    private static string[] Words(string? value) => (value ?? "").Split([' ', '\t', '\n'], StringSplitOptions.RemoveEmptyEntries);
}
