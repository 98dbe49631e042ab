using MultiArch.Oci;
using MultiArch.Oci.Publishing;
using MultiArch.Oci.Storage;

namespace MultiArch.Build;

/// <summary>An <c>image.json</c> on disk, perhaps from another job's artifacts: nothing in it is believed to be a name before it was looked at.</summary>
internal static class ImageReportFile
{
    // Bytes. One of two platforms has some KB.
    private const int MaxSize = 16 << 20;

    /// <param name="file">An absolute path.</param>
    /// <param name="settings">The properties and items that may name it, in words.</param>
    /// <exception cref="MultiArchException"><see cref="DiagnosticCodes.InvalidImageReport"/>.</exception>
    public static async Task<ImageReport> ReadAsync(string file, string settings, CancellationToken cancellationToken)
    {
        try
        {
            var report = ImageReport.Parse(await InputFile.ReadAsync(file, MaxSize, cancellationToken));
            return report.Registry is null || (ImageReference.IsRegistry(report.Registry) && ImageReference.IsRepository(report.Repository ?? "") && report.Digest != default)
                ? report
                : throw new FormatException("its registry, repository and digest are no image");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException)
        {
            throw new MultiArchException(
                DiagnosticCodes.InvalidImageReport,
                $"'{file}' is no image.json of a publish: {OneLine.Of(e.Message).TrimEnd('.')}. Correct {settings}, or publish the image first.",
                e);
        }
    }
}
