namespace MultiArch.Oci;

/// <summary>The folders in which programs are looked for.</summary>
/// <param name="folders">As in <c>PATH</c>. A relative one is passed over: it would be another one for every project.</param>
public sealed class SearchPath(string folders)
{
    private const UnixFileMode Execute = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <param name="program">Its name, without a folder; on Windows <c>.exe</c> may be left out.</param>
    /// <returns>The absolute path of the first that can be started; null when there is none.</returns>
    public string? Find(string program)
    {
        var file = OperatingSystem.IsWindows() && !program.EndsWith(".exe", StringComparison.OrdinalIgnoreCase) ? $"{program}.exe" : program;
        return folders.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Where(Path.IsPathFullyQualified)
            .Select(folder => Path.Combine(folder, file))
            .FirstOrDefault(IsProgram);
    }

    private static bool IsProgram(string file) =>
        File.Exists(file) && (OperatingSystem.IsWindows() || (File.GetUnixFileMode(file) & Execute) != 0);
}
