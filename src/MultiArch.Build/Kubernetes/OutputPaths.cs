using MultiArch.Oci;

namespace MultiArch.Build.Kubernetes;

/// <summary>Where the copies of files go: into one folder, laid out as the project is.</summary>
/// <param name="projectDirectory">Absolute.</param>
/// <param name="outputFolder">Absolute.</param>
internal sealed class OutputPaths(string projectDirectory, string outputFolder)
{
    private readonly Dictionary<string, string> _sources = new(StringComparer.Ordinal);

    /// <summary>Whether a wildcard found what an earlier run wrote, or a source lies where copies go.</summary>
    public bool IsOutput(string path) => IsInside(Path.GetRelativePath(outputFolder, path));

    /// <param name="path">Absolute, of a file that is no output.</param>
    /// <param name="recursiveFolder">What <c>**</c> stood for, if anything.</param>
    /// <exception cref="MultiArchException"><see cref="DiagnosticCodes.KubernetesFilesCollide"/>.</exception>
    public string Of(string path, string recursiveFolder)
    {
        var relative = Path.GetRelativePath(projectDirectory, path);
        var output = Path.Combine(outputFolder, IsInside(relative) ? relative : Path.Combine(recursiveFolder, Path.GetFileName(path)));
        if (!_sources.TryAdd(output, path))
        {
            throw new MultiArchException(
                DiagnosticCodes.KubernetesFilesCollide,
                $"'{_sources[output]}' and '{path}' would both be written to '{output}'. Resolve them in two projects, or move one below the project.");
        }

        return output;
    }

    private static bool IsInside(string relative) => !Path.IsPathRooted(relative) && relative.Split('/', '\\')[0] is not "..";
}
