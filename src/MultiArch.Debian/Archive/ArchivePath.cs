namespace MultiArch.Debian.Archive;

/// <summary>Paths that an index gives, as addresses below the archive's root.</summary>
internal static class ArchivePath
{
    /// <summary>Whether a path stays below what it is relative to. An index that is signed may be hostile still.</summary>
    public static bool IsContained(string path) =>
        path.Length > 0 && !path.StartsWith('/') && !path.Contains('\\', StringComparison.Ordinal) && !path.Any(char.IsControl) && !path.Split('/').Contains("..");

    /// <param name="root">Ends with <c>/</c>.</param>
    /// <param name="path">Not escaped; a plus sign is not left as it is, since some hosts take it for a blank.</param>
    public static Uri Combine(Uri root, string path)
    {
        var relative = string.Join('/', path.Split('/').Where(part => part is not ".").Select(Uri.EscapeDataString));
        return relative.Length == 0 ? root : new Uri(root.AbsoluteUri + relative);
    }
}
