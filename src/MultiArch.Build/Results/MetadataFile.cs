using MultiArch.Oci.Publishing;

namespace MultiArch.Build.Results;

/// <summary><c>image.json</c>. A publish that found all of the image there leaves a file that describes this image: its times are those of the publish that made it.</summary>
/// <param name="path">Absolute.</param>
internal sealed class MetadataFile(string path) : IResultOutput
{
    public string Target => path;

    public IEnumerable<string> Files => [path];

    public async Task WriteAsync(ImageReport report)
    {
        if (!report.FoundAllThere || !await DescribesAsync(report))
        {
            await AtomicFile.WriteIfChangedAsync(path, report.ToUtf8Bytes(), CancellationToken.None);
        }
    }

    /// <summary>Whether the file is as we write it and of this image; one that somebody has changed is written anew.</summary>
    private async Task<bool> DescribesAsync(ImageReport report)
    {
        try
        {
            var bytes = await File.ReadAllBytesAsync(path);
            var written = ImageReport.Parse(bytes);
            return written.IsOfSameImageAs(report) && written.ToUtf8Bytes().AsSpan().SequenceEqual(bytes);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException)
        {
            return false;
        }
    }
}
