using MultiArch.Oci;
using MultiArch.Oci.Publishing.Combining;

namespace MultiArch.Build.Combining;

/// <summary>Reads the property MultiArchCombineFrom: files <c>image.json</c>, and references of images.</summary>
internal static class CombineSources
{
    private const string Property = "MultiArchCombineFrom";

    /// <param name="from">Patterns have become files already.</param>
    /// <param name="projectDirectory">Absolute.</param>
    /// <exception cref="MultiArchException">
    /// <see cref="DiagnosticCodes.NothingToCombine"/>, <see cref="DiagnosticCodes.InvalidCombineSource"/> or <see cref="DiagnosticCodes.InvalidImageReport"/>.
    /// </exception>
    public static async Task<IReadOnlyList<CombineSource>> ReadAsync(string[] from, string projectDirectory, CancellationToken cancellationToken)
    {
        var sources = new List<CombineSource>();
        foreach (var text in from.Select(text => text.Trim()).Where(text => text.Length > 0))
        {
            sources.Add(await ReadAsync(text, projectDirectory, cancellationToken));
        }

        return sources.Count > 0 ? sources : throw new MultiArchException(
            DiagnosticCodes.NothingToCombine,
            $"There is nothing to combine: {Property} names no image, and no file that exists. Set it to the parts, such as -p:{Property}=digests/**/image.json.");
    }

    private static async Task<CombineSource> ReadAsync(string text, string projectDirectory, CancellationToken cancellationToken)
    {
        var path = Path.GetFullPath(text.Replace('\\', Path.DirectorySeparatorChar), projectDirectory);
        if (File.Exists(path))
        {
            var report = await ImageReportFile.ReadAsync(path, Property, cancellationToken);
            return report.Registry is { } registry
                ? new CombineSource(text, new ImageReference(registry, report.Repository!, Digest: report.Digest), report)
                : throw Invalid($"'{OneLine.Of(text)}' tells of an image that is in no registry, at '{OneLine.Of(report.Name)}'. Publish it with -p:ContainerRegistry=<registry> -p:MultiArchPushByDigest=true.");
        }

        // digests/image.json would do for an image of Docker Hub.
        if (text.EndsWith(".json", StringComparison.OrdinalIgnoreCase))
        {
            throw Invalid($"{Property} '{OneLine.Of(text)}' is no file that exists. Correct the path, which is relative to the project, or let that job publish first.");
        }

        try
        {
            return new CombineSource(text, ImageReference.Parse(text));
        }
        catch (FormatException e)
        {
            throw Invalid($"{Property} '{OneLine.Of(text)}' is neither a file that exists nor an image: {OneLine.Of(e.Message).TrimEnd('.')}. Name files image.json, or images such as ghcr.io/me/app@sha256:….");
        }
    }

    private static MultiArchException Invalid(string message) => new(DiagnosticCodes.InvalidCombineSource, message);
}
