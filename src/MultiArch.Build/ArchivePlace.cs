using MultiArch.Oci;
using MultiArch.Oci.Storage;

namespace MultiArch.Build;

/// <summary>Where <c>ContainerArchiveOutputPath</c> leads, looked at before anything is compiled.</summary>
internal static class ArchivePlace
{
    /// <param name="path">Absolute; a file, or a folder, which ends with a separator or is there: what goes into that has no name yet.</param>
    /// <inheritdoc cref="CheckFile" path="/exception"/>
    public static void Check(string path)
    {
        if (!Directory.Exists(path))
        {
            Refuse(path, OutputFile.FindObstacle(Path.EndsInDirectorySeparator(path) ? Path.Combine(path, "image") : path));
        }
    }

    /// <param name="file">Absolute.</param>
    /// <exception cref="MultiArchException"><see cref="DiagnosticCodes.CannotWrite"/>: what is there is no file, or a file stands where a folder has to be.</exception>
    public static void CheckFile(string file) => Refuse(file, OutputFile.FindObstacle(file));

    private static void Refuse(string path, string? obstacle)
    {
        if (obstacle is not null)
        {
            throw new MultiArchException(
                DiagnosticCodes.CannotWrite,
                $"Cannot write the archive '{OneLine.Of(path)}': {obstacle}. Name another place in ContainerArchiveOutputPath.");
        }
    }
}
