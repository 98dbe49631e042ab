using System.Text;
using MultiArch.Oci;

namespace MultiArch.Debian.Sources;

/// <summary>What apt's own files have in common.</summary>
internal static class AptFile
{
    /// <summary>The names that apt looks at in a folder, in its order: others, such as an editor's copies, it passes over.</summary>
    /// <param name="extensions">With their point.</param>
    public static IEnumerable<string> Names(IEnumerable<string> names, params IReadOnlyList<string> extensions) => names
        .Where(name => name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_') && extensions.Any(extension => name.EndsWith(extension, StringComparison.Ordinal)))
        .Order(StringComparer.Ordinal);

    /// <returns>Null when there is no such file.</returns>
    public static string? ReadText(IRootFiles root, string path) =>
        root.ReadFile(path) is { } bytes ? Encoding.UTF8.GetString(bytes).TrimStart('\ufeff') : null;

    public static MultiArchException Invalid(string origin, FormatException cause) => new(
        DiagnosticCodes.InvalidAptSources,
        $"{origin}, cannot be read: {OneLine.Of(cause.Message).TrimEnd('.')}. Correct it, or name the sources with MultiArchOSPackageSource.",
        cause);
}
