namespace MultiArch.Debian.Sources;

/// <summary>Reads small files of a system: of an image's merged tree, or of a folder of this machine.</summary>
/// <remarks>Paths are relative to the system's root, with <c>/</c> and without one at the start: <c>etc/apt/sources.list</c>. Links are followed within that root.</remarks>
public interface IRootFiles
{
    /// <returns>Null when there is no such file.</returns>
    byte[]? ReadFile(string path);

    /// <returns>The names in a folder, without its path, in any order; none when there is no such folder.</returns>
    IEnumerable<string> List(string path);
}
