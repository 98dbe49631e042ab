using System.Globalization;
using MultiArch.Oci.Contents;
using MultiArch.Oci.Inspection;

namespace MultiArch.Oci.Verification.Images;

/// <summary>The C libraries that an image holds.</summary>
internal static class InstalledCLibrary
{
    private const string Version = "GLIBC_2.";

    /// <returns><c>glibc 2.36</c>, <c>musl</c>, or several of them; null without one.</returns>
    public static string? Describe(MergedTree tree)
    {
        var found = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var (path, entry) in tree.Entries())
        {
            var name = path[(path.LastIndexOf('/') + 1)..];
            if (name == "libc.so.6" && entry.Binary is ElfFile library)
            {
                // Versions go up to that of the library itself.
                var minors = library.DefinedVersions.Where(version => version.StartsWith(Version, StringComparison.Ordinal)).Select(version => version[Version.Length..].Split('.')[0]);
                var newest = minors.Select(minor => int.TryParse(minor, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0).DefaultIfEmpty().Max();
                found.Add(newest > 0 ? $"glibc 2.{newest}" : "glibc");
            }
            else if (name.StartsWith("ld-musl-", StringComparison.Ordinal))
            {
                found.Add("musl");
            }
        }

        return found.Count > 0 ? string.Join(", ", found) : null;
    }
}
