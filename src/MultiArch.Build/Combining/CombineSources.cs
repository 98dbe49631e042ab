using MultiArch.Oci;
using MultiArch.Oci.Publishing.Combining;

namespace MultiArch.Build.Combining;

/// <summary>Reads the files <c>image.json</c> and the references of images that are to become one index.</summary>
internal static class CombineSources
{
    private const string Property = CombineParts.Property;

    /// <param name="texts">Of <see cref="CombineParts.Read"/>.</param>
    /// <exception cref="MultiArchException"><see cref="DiagnosticCodes.InvalidCombineSource"/> or <see cref="DiagnosticCodes.InvalidImageReport"/>.</exception>
    public static async Task<IReadOnlyList<CombineSource>> ReadAsync(CombineParts parts, IReadOnlyList<string> texts, CancellationToken cancellationToken)
    {
        var sources = new List<CombineSource>();
        foreach (var text in texts)
        {
            sources.Add(await ReadAsync(text, parts.FullPath(text), cancellationToken));
        }

        return sources;
    }

    private static async Task<CombineSource> ReadAsync(string text, string path, CancellationToken cancellationToken)
    {
        if (Directory.Exists(path))
        {
            throw Invalid($"{Property} '{OneLine.Of(text)}' is a folder. Name the image.json in it, or a pattern such as {OneLine.Of(text.TrimEnd('/', '\\'))}/**/image.json.");
        }

        if (File.Exists(path))
        {
            var report = await ImageReportFile.ReadAsync(path, Property, cancellationToken);
            return report.Registry is { } registry
                ? new CombineSource(text, new ImageReference(registry, report.Repository!, Digest: report.Digest), report)
                : throw Invalid($"'{OneLine.Of(text)}' tells of an image that is in no registry, at '{OneLine.Of(report.Name)}'. Publish it with -p:ContainerRegistry=<registry> -p:MultiArchPushByDigest=true.");
        }

        if (text.StartsWith("oci:", StringComparison.Ordinal) || text.StartsWith("oci-archive:", StringComparison.Ordinal))
        {
            throw Invalid($"{Property} '{OneLine.Of(text)}' is on a disk, and a combine takes images from registries. Push it first, such as with skopeo copy --all.");
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
