using MultiArch.Oci;

namespace MultiArch.Build;

/// <summary>Where <c>ContainerArchiveOutputPath</c> leads, looked at before anything is compiled.</summary>
internal static class ArchivePlace
{
    /// <param name="path">Absolute; a file, or, with a separator at its end, a folder.</param>
    /// <exception cref="MultiArchException"><see cref="DiagnosticCodes.CannotWrite"/>: a file stands where a folder has to be.</exception>
    public static void Check(string path)
    {
        var folder = Path.EndsInDirectorySeparator(path) ? Path.TrimEndingDirectorySeparator(path) : Path.GetDirectoryName(path);
        for (; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(folder))
            {
                throw new MultiArchException(
                    DiagnosticCodes.CannotWrite,
                    $"Cannot write the archive '{OneLine.Of(path)}': '{OneLine.Of(folder)}' is a file, not a folder. Name another place in ContainerArchiveOutputPath.");
            }
        }
    }
}
