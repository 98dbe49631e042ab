namespace MultiArch.Debian.Sources;

/// <summary>Which distribution a system is, and which release of it.</summary>
/// <remarks>https://www.freedesktop.org/software/systemd/man/latest/os-release.html.</remarks>
/// <param name="Id">Such as <c>debian</c>; <c>linux</c> when the file does not say.</param>
/// <param name="VersionId">Such as <c>12</c>; empty for a release that is not out.</param>
/// <param name="VersionCodename">Such as <c>bookworm</c>; may be empty.</param>
public sealed record OsRelease(string Id, string VersionId, string VersionCodename)
{
    /// <returns>Null when the system does not say.</returns>
    public static OsRelease? Read(IRootFiles root) =>
        (AptFile.ReadText(root, "etc/os-release") ?? AptFile.ReadText(root, "usr/lib/os-release")) is { } text ? Parse(text) : null;

    public static OsRelease Parse(string text)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in text.Split('\n').Select(line => line.Trim()).Where(line => !line.StartsWith('#')))
        {
            if (line.IndexOf('=') is > 0 and var sign)
            {
                values[line[..sign]] = line[(sign + 1)..].Trim('"', '\'');
            }
        }

        return new OsRelease(values.GetValueOrDefault("ID", "linux"), values.GetValueOrDefault("VERSION_ID", ""), values.GetValueOrDefault("VERSION_CODENAME", ""));
    }

    public override string ToString() => $"{Id} {VersionId}".TrimEnd();
}
