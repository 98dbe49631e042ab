using Microsoft.Build.Framework;
using MultiArch.Oci;

namespace MultiArch.Build.Tasks;

/// <summary>Copies one platform's published files into the folder that the user has named with <c>-o</c>, and takes away what an earlier publish copied and this one lacks.</summary>
[MSBuildMultiThreadableTask]
public sealed class CopyPublishedFiles : AsyncTask
{
    /// <summary>Absolute.</summary>
    [Required]
    public string PublishDirectory { get; set; } = "";

    /// <summary>Absolute.</summary>
    [Required]
    public string OutputDirectory { get; set; } = "";

    /// <summary>Absolute; holds, for each output folder, the list of what was copied into it.</summary>
    [Required]
    public string ListDirectory { get; set; } = "";

    protected override async Task ExecuteAsync(CancellationToken cancellationToken)
    {
        var name = Digest.Of(System.Text.Encoding.UTF8.GetBytes(OutputDirectory)).Hex[..10];
        try
        {
            await new PublishedCopy(OutputDirectory, Path.Combine(ListDirectory, $"copied.{name}.txt"))
                .UpdateAsync(Path.TrimEndingDirectorySeparator(PublishDirectory), cancellationToken);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new MultiArchException(
                DiagnosticCodes.CannotWrite,
                $"Cannot copy what was published for '{OutputDirectory}': {OneLine.Sentence(e.Message)} Free space there, or correct its permissions, and publish again.",
                e);
        }
    }
}
