using MultiArch.Oci;
using TaskLoggingHelper = Microsoft.Build.Utilities.TaskLoggingHelper;

namespace MultiArch.Build.Kubernetes;

/// <summary>Puts references in the place of names, file by file; what is wrong is logged at its line, so that all of it is seen at once.</summary>
internal sealed class KubernetesFileResolver(PublishedImages images, TaskLoggingHelper log)
{
    /// <summary>Passes over a copy that a wildcard has found, in which nothing is left to replace. Anything else there would be given to the cluster as it stands.</summary>
    /// <param name="path">Absolute, as <paramref name="outputFolder"/>.</param>
    /// <inheritdoc cref="ResolveAsync" path="/exception"/>
    public async Task RequireCopyAsync(string path, string outputFolder, CancellationToken cancellationToken)
    {
        try
        {
            var file = await KubernetesFile.ReadAsync(path, cancellationToken);
            foreach (var image in file.Images.Where(image => image.IsWhole))
            {
                log.ErrorAt(
                    path,
                    image.Line,
                    image.Column,
                    DiagnosticCodes.InvalidKubernetesFile,
                    $"'{NamedImages.Scheme}{OneLine.Of(image.Project)}' cannot be resolved here: this file lies in the folder of the copies, '{OneLine.Of(outputFolder)}'. Name another folder in MultiArchKubernetesOutput, or move the file.");
            }
        }
        catch (YamlPositionException e)
        {
            ReportUnreadable(path, e);
        }
    }

    /// <param name="path">Absolute.</param>
    /// <returns>The file with references in the place of names; null when errors were logged.</returns>
    /// <exception cref="MultiArchException"><see cref="DiagnosticCodes.InvalidKubernetesFile"/>: there is no such file.</exception>
    public async Task<byte[]?> ResolveAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            var file = await KubernetesFile.ReadAsync(path, cancellationToken);
            var references = file.Images.Where(image => IsResolvable(path, image)).Select(image => image.Project).Distinct().ToDictionary(project => project, project => images.FindReference(project)!);
            return file.Images.All(image => !image.IsWhole || references.ContainsKey(image.Project)) ? file.With(project => references[project]) : null;
        }
        catch (YamlPositionException e)
        {
            ReportUnreadable(path, e);
            return null;
        }
    }

    private void ReportUnreadable(string path, YamlPositionException e) =>
        log.ErrorAt(path, e.Line, e.Column, DiagnosticCodes.InvalidKubernetesFile, $"This file cannot be resolved: {e.Message.TrimEnd('.')}. Correct it there.");

    private bool IsResolvable(string path, NamedImage image)
    {
        if (!image.IsWhole)
        {
            log.WarningAt(
                path,
                image.Line,
                image.Column,
                DiagnosticCodes.ImageNameWithinText,
                $"'{NamedImages.Scheme}' stands within a longer value here, and stays as it is: only a value that is a name and nothing else is replaced.");
            return false;
        }

        if (image.Misspelling is { } misspelling)
        {
            log.ErrorAt(path, image.Line, image.Column, DiagnosticCodes.UnknownImageName, $"This names no image: {misspelling}.");
            return false;
        }

        try
        {
            if (images.FindReference(image.Project) is not null)
            {
                WarnOfPart(path, image);
                return true;
            }

            log.ErrorAt(
                path,
                image.Line,
                image.Column,
                DiagnosticCodes.UnknownImageName,
                $"'{NamedImages.Scheme}{OneLine.Of(image.Project)}' names no image. Known are: {OneLine.Of(images.Projects)}. Correct the name, or name that project's image.json in MultiArchKubernetesFrom.");
        }
        catch (MultiArchException e)
        {
            log.ErrorAt(path, image.Line, image.Column, e.Code, e.Message);
        }

        return false;
    }

    private void WarnOfPart(string path, NamedImage image)
    {
        if (images.FindPart(image.Project) is (var platform, var file))
        {
            log.WarningAt(
                path,
                image.Line,
                image.Column,
                DiagnosticCodes.ImageOfOnePlatform,
                $"'{NamedImages.Scheme}{OneLine.Of(image.Project)}' becomes an image of {OneLine.Of(platform)} alone, which was pushed by digest as a part: '{OneLine.Of(file)}' tells of no other. Name the image.json that CombineMultiArchImage leaves.");
        }
    }
}
