using System.Text;

namespace MultiArch.Oci.Layers;

/// <summary>Which names an image can hold.</summary>
/// <remarks>
/// https://github.com/opencontainers/image-spec/blob/v1.1.1/layer.md#whiteouts: a name that begins with <c>.wh.</c> deletes its namesake
/// below. The rest keeps names the same on every system that packs, lists or extracts them.
/// </remarks>
internal static class ImagePath
{
    private const string WhiteoutPrefix = ".wh.";

    /// <exception cref="MultiArchException"><see cref="DiagnosticCodes.InvalidPath"/>.</exception>
    public static void Validate(LayerFile file)
    {
        if (file.Path.Length == 0)
        {
            throw Refuse(file.Origin, file.Path, "the path is empty");
        }

        foreach (var name in file.Path.Split('/'))
        {
            ValidateName(name, file.Origin, file.Path);
        }

        if (file.LinkTarget is { } target && (target.Length == 0 ? "the link's target is empty" : FaultOfText(target)) is { } fault)
        {
            throw Refuse(file.Origin, file.Path, fault);
        }
    }

    /// <param name="origin">The file on this machine, for the message.</param>
    /// <param name="path">The whole path in the image, for the message.</param>
    /// <exception cref="MultiArchException"><see cref="DiagnosticCodes.InvalidPath"/>.</exception>
    public static void ValidateName(string name, string origin, string path)
    {
        var fault = name switch
        {
            "" => "it begins or ends with a slash, or has two in a row",
            "." or ".." => $"it has the part '{name}'",
            _ when name.StartsWith(WhiteoutPrefix, StringComparison.Ordinal) => $"a name that begins with {WhiteoutPrefix} means a deleted file there",
            _ => FaultOfText(name),
        };
        if (fault is not null)
        {
            throw Refuse(origin, path, fault);
        }
    }

    private static string? FaultOfText(string text) =>
        text.Contains('\\') ? "it has a backslash"
        : text.Any(char.IsControl) ? "it has a control character"
        : !IsUnicode(text) ? "it is not valid Unicode"
        : null;

    // .NET reads a name that is not UTF-8 with U+FFFD in place of the bytes, and then cannot open the file.
    private static bool IsUnicode(string text) => !text.EnumerateRunes().Contains(Rune.ReplacementChar);

    private static MultiArchException Refuse(string origin, string path, string fault) => new(
        DiagnosticCodes.InvalidPath,
        $"'{Printable(origin)}' cannot lie at '{Printable(path)}' in an image: {fault}. Rename it, or leave it out of what is published.");

    private static string Printable(string text) => string.Concat(text.Select(c => char.IsControl(c) ? '\uFFFD' : c));
}
