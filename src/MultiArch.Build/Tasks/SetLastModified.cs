using Microsoft.Build.Framework;
using MultiArch.Oci;

namespace MultiArch.Build.Tasks;

/// <summary>Gives every static web asset one <c>Last-Modified</c>, so that the same sources at another time give the same image.</summary>
[MSBuildMultiThreadableTask]
public sealed class SetLastModified : AsyncTask
{
    // The time of the files in a layer, as an HTTP date: https://www.rfc-editor.org/rfc/rfc9110#section-5.6.7.
    private const string Time = "Tue, 01 Jan 1980 00:00:01 GMT";

    private static readonly EnumerationOptions BelowFolder = new() { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint };

    /// <summary>Absolute.</summary>
    [Required]
    public string PublishDirectory { get; set; } = "";

    protected override async Task ExecuteAsync(CancellationToken cancellationToken)
    {
        if (!Directory.Exists(PublishDirectory))
        {
            return; // The plan, which comes next, says so.
        }

        foreach (var file in Directory.EnumerateFiles(PublishDirectory, "*.staticwebassets.endpoints.json", BelowFolder))
        {
            try
            {
                if (EndpointsManifest.SetLastModified(await File.ReadAllBytesAsync(file, cancellationToken), Time) is { } changed)
                {
                    // The time stays the one that the SDK gave it: an unchanged publish shows no file that has changed.
                    var written = File.GetLastWriteTimeUtc(file);
                    await AtomicFile.WriteIfChangedAsync(file, changed, cancellationToken);
                    File.SetLastWriteTimeUtc(file, written);
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw new MultiArchException(DiagnosticCodes.CannotWrite, $"Cannot write '{file}': {OneLine.Sentence(e.Message)} Correct its permissions, and publish again.", e);
            }
        }
    }
}
