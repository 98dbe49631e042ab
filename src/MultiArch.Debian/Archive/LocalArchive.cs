using MultiArch.Oci;
using MultiArch.Oci.Storage;

namespace MultiArch.Debian.Archive;

/// <summary>Gets files of an archive that lies on this machine: <c>file:</c> in a source.</summary>
internal static class LocalArchive
{
    /// <exception cref="MultiArchException"><see cref="DiagnosticCodes.ArchiveUnreachable"/>, <see cref="DiagnosticCodes.ArchiveContentMismatch"/>.</exception>
    public static async Task<ArchiveAnswer> FetchAsync(ArchiveRequest request, Stream destination, CancellationToken cancellationToken)
    {
        try
        {
            await using var file = new FileStream(request.Uri.LocalPath, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1, FileOptions.Asynchronous);
            if (file.Length > request.MaxSize)
            {
                throw ArchiveFailure.OfSize(request);
            }

            await file.CopyToAsync(destination, cancellationToken);
            return new ArchiveAnswer(ArchiveOutcome.Content);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return new ArchiveAnswer(ArchiveOutcome.NotFound);
        }
        catch (Exception e) when (DiskErrors.IsDiskError(e))
        {
            throw ArchiveFailure.OfConnection(new IOException(e.Message), request, idle: null);
        }
    }
}
