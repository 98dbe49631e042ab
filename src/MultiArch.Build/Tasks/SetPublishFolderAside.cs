using Microsoft.Build.Framework;
using MultiArch.Oci;

namespace MultiArch.Build.Tasks;

/// <summary>Gives a publish an empty folder, and keeps what the last one left for <see cref="TakeUnchangedFiles"/>.</summary>
[MSBuildMultiThreadableTask]
public sealed class SetPublishFolderAside : Microsoft.Build.Utilities.Task
{
    /// <summary>Absolute; gone afterwards.</summary>
    [Required]
    public string PublishDirectory { get; set; } = "";

    /// <summary>Absolute, on the same disk. What a publish that did not end has left here is removed.</summary>
    [Required]
    public string LastPublishDirectory { get; set; } = "";

    public override bool Execute()
    {
        try
        {
            if (Directory.Exists(LastPublishDirectory))
            {
                Directory.Delete(LastPublishDirectory, recursive: true);
            }

            if (Directory.Exists(PublishDirectory))
            {
                Directory.Move(Path.TrimEndingDirectorySeparator(PublishDirectory), Path.TrimEndingDirectorySeparator(LastPublishDirectory));
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Log.Error(
                DiagnosticCodes.CannotWrite,
                $"Cannot empty '{PublishDirectory}' for the publish: {OneLine.Sentence(e.Message)} Close what uses it, or correct its permissions, and publish again.");
        }

        return !Log.HasLoggedErrors;
    }
}
