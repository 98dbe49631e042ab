using MultiArch.Oci;
using MultiArch.Oci.Publishing;

namespace MultiArch.Build.Kubernetes;

/// <summary>What publishes have left in their files <c>image.json</c>, by the names of their projects.</summary>
internal sealed class PublishedImages
{
    private readonly Dictionary<string, (ImageReport Report, string File)> _byProject = new(StringComparer.Ordinal);

    /// <summary>In the order of the alphabet, separated by commas; for messages.</summary>
    public string Projects => _byProject.Count > 0 ? string.Join(", ", _byProject.Keys.Order(StringComparer.Ordinal)) : "none";

    /// <param name="files">Absolute paths.</param>
    /// <exception cref="MultiArchException"><see cref="DiagnosticCodes.InvalidImageReport"/> or <see cref="DiagnosticCodes.AmbiguousImageName"/>.</exception>
    public static async Task<PublishedImages> ReadAsync(IEnumerable<string> files, CancellationToken cancellationToken)
    {
        var images = new PublishedImages();
        foreach (var file in files.Distinct(StringComparer.Ordinal))
        {
            images.Add(await ImageReportFile.ReadAsync(file, "MultiArchKubernetesFrom or MultiArchKubernetesImage", cancellationToken), file);
        }

        return images;
    }

    /// <returns>Null for a project that no file is of.</returns>
    /// <exception cref="MultiArchException"><see cref="DiagnosticCodes.ImageNotInRegistry"/>.</exception>
    public string? FindReference(string project)
    {
        if (!_byProject.TryGetValue(project, out var found))
        {
            return null;
        }

        var (report, file) = found;
        return report.Registry is not null
            ? new ImageReference(report.Registry, report.Repository!, Digest: report.Digest).ToString()
            : throw new MultiArchException(
                DiagnosticCodes.ImageNotInRegistry,
                $"'{NamedImages.Scheme}{project}' is in no registry: '{file}' tells of an image at '{OneLine.Of(report.Name)}'. Publish it with -p:ContainerRegistry=<registry>.");
    }

    /// <summary>Tells of a part that waits to be combined: nodes of other platforms could not run it.</summary>
    /// <returns>The part's platform, and the <c>image.json</c> that tells of it; null for a whole image and for a project that no file is of.</returns>
    public (string Platform, string File)? FindPart(string project) =>
        _byProject.TryGetValue(project, out var found) && found.Report is { Index: null, Tags: [], Platforms: [var part] } ? (part.Platform, found.File) : null;

    private void Add(ImageReport report, string file)
    {
        if (report.Project is not { Length: > 0 } project)
        {
            return; // of no project: nothing can name it
        }

        if (_byProject.TryGetValue(project, out var other) && (other.Report.Name, other.Report.Digest) != (report.Name, report.Digest))
        {
            throw new MultiArchException(
                DiagnosticCodes.AmbiguousImageName,
                $"'{NamedImages.Scheme}{OneLine.Of(project)}' is two images: '{other.File}' tells of {OneLine.Of(other.Report.Name)}@{other.Report.Digest}, and '{file}' of {OneLine.Of(report.Name)}@{report.Digest}. "
                    + "Name one of the two files; of platforms that were published apart, that of their index.");
        }

        _byProject[project] = (report, file);
    }
}
