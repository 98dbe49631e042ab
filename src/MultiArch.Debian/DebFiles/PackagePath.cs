using System.Text;
using MultiArch.Oci;

namespace MultiArch.Debian.DebFiles;

/// <summary>Which names and links a package may have: those that stay below the root.</summary>
internal static class PackagePath
{
    // NAME_MAX and PATH_MAX of Linux.
    private const int MaxNameSize = 255;
    private const int MaxPathSize = 4095;

    // In a message, which is cut at 300.
    private const int MaxShown = 160;

    /// <summary>Reads a name as tars of packages have it: <c>./usr/bin/x</c>, with a slash at the end of a directory.</summary>
    /// <returns>Relative, without <c>./</c>; empty for the root.</returns>
    /// <exception cref="InvalidDataException">The name leads elsewhere, or is none that an image can hold.</exception>
    public static string Parse(string name)
    {
        if (name.StartsWith('/'))
        {
            throw Refuse(name, "is absolute");
        }

        var parts = name.Split('/').Where(part => part is not ("" or ".")).ToArray();
        foreach (var part in parts)
        {
            var fault = part == ".." ? "leads out of its folder"
                : part.StartsWith(".wh.", StringComparison.Ordinal) ? "means a deleted file in an image"
                : FaultOfText(part)
                ?? (Encoding.UTF8.GetByteCount(part) > MaxNameSize ? $"has a part of more than {MaxNameSize} bytes" : null);
            if (fault is not null)
            {
                throw Refuse(name, fault);
            }
        }

        var path = string.Join('/', parts);
        return Encoding.UTF8.GetByteCount(path) <= MaxPathSize ? path : throw Refuse(name, $"has more than {MaxPathSize} bytes");
    }

    /// <summary>Checks the text of a symlink. An absolute one is read in the image, where it stays.</summary>
    /// <exception cref="InvalidDataException">It is empty, or leads above the root.</exception>
    public static void CheckLink(string path, string target)
    {
        var depth = target.StartsWith('/') ? 0 : path.Count(c => c == '/');
        foreach (var part in target.Split('/'))
        {
            depth += part switch { "" or "." => 0, ".." => -1, _ => 1 };
            if (depth < 0)
            {
                throw Refuse(path, $"is a link to '{OneLine.Of(target)}', which leads out of the root");
            }
        }

        if ((target.Length == 0 ? "is a link to nothing" : Encoding.UTF8.GetByteCount(target) > MaxPathSize ? "is a link of too many bytes" : FaultOfText(target)) is { } fault)
        {
            throw Refuse(path, fault);
        }
    }

    public static InvalidDataException Refuse(string path, string what) => new($"'{OneLine.Of(path, MaxShown)}' {what}");

    private static string? FaultOfText(string text) =>
        text.Any(char.IsControl) ? "has a control character"
        // .NET reads what is not UTF-8 so.
        : text.EnumerateRunes().Contains(Rune.ReplacementChar) ? "is not UTF-8"
        : null;
}
