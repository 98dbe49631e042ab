using System.Text.RegularExpressions;
using MultiArch.Debian.DebFiles;
using MultiArch.Oci.Layers;

namespace MultiArch.Debian.RootFileSystem;

/// <summary>Which files of packages are left out of an image.</summary>
/// <remarks>
/// A pattern is a path of the image: <c>*</c> and <c>?</c> stand for anything but a slash, <c>**</c> for anything. It means what lies below, too. One that
/// begins with <c>!</c> takes back in what those before it have left out; the last that fits counts, as in dpkg's path-exclude and path-include.
/// </remarks>
public sealed class FileFilter
{
    private const string DocumentationFolder = "usr/share/doc/";

    private readonly List<(Regex Pattern, bool IsIncluded)> _rules;

    /// <param name="patterns">In their order; a slash at the start says nothing.</param>
    public FileFilter(IEnumerable<string> patterns) =>
        _rules = [.. patterns.Select(pattern => (ToRegex(pattern.TrimStart('!')), pattern.StartsWith('!')))];

    /// <summary>
    /// What no program of an image reads. Copyright files stay, as the licences ask for them and scanners read them; so do links between
    /// documentation folders, which lead to another package's copyright file.
    /// </summary>
    public static IReadOnlyList<string> DefaultPatterns { get; } =
    [
        "usr/share/doc/**",
        "!usr/share/doc/*/copyright",
        "usr/share/doc-base/**",
        "usr/share/man/**",
        "usr/share/info/**",
        "usr/share/groff/**",
        "usr/share/locale/**",
        "!usr/share/locale/locale.alias",
        "usr/share/lintian/**",
        "usr/share/linda/**",
        "usr/share/bug/**",
    ];

    public static FileFilter Default { get; } = new(DefaultPatterns);

    public bool Includes(PackageEntry entry)
    {
        var path = entry.Path;
        var isLinkOfDocumentation = entry.Type is LayerEntryType.Symlink && path.StartsWith(DocumentationFolder, StringComparison.Ordinal) && !path[DocumentationFolder.Length..].Contains('/');
        return isLinkOfDocumentation || Includes(path);
    }

    /// <summary>Whether a pattern means any of some entries, whatever other patterns say of them.</summary>
    public static bool MeansAny(string pattern, IEnumerable<PackageEntry> entries)
    {
        var regex = ToRegex(pattern.TrimStart('!'));
        return entries.Any(entry => regex.IsMatch(entry.Path));
    }

    private bool Includes(string path)
    {
        for (var i = _rules.Count - 1; i >= 0; i--)
        {
            if (_rules[i].Pattern.IsMatch(path))
            {
                return _rules[i].IsIncluded;
            }
        }

        return true;
    }

    private static Regex ToRegex(string pattern)
    {
        var text = Regex.Escape(pattern.Trim('/'))
            .Replace(@"\*\*", ".*", StringComparison.Ordinal)
            .Replace(@"\*", "[^/]*", StringComparison.Ordinal)
            .Replace(@"\?", "[^/]", StringComparison.Ordinal);
        return new Regex($"^{text}(/.*)?$", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | RegexOptions.Singleline);
    }
}
