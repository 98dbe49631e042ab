using System.Text;
using MultiArch.Oci.Publishing;
using MultiArch.Oci.Storage;

namespace MultiArch.Build.Results;

/// <summary>The results of a Tekton task, named so that Tekton Chains signs the image: one file each, without a line break at its end.</summary>
/// <remarks>https://tekton.dev/docs/chains/slsa-provenance/ and https://tekton.dev/docs/pipelines/tasks/#emitting-results</remarks>
/// <param name="folder">Absolute; <c>/tekton/results</c> in a task.</param>
/// <param name="prefix">Before each name; Chains knows <c>IMAGES</c> without one alone.</param>
internal sealed class TektonResults(string folder, string prefix) : IResultOutput
{
    public string Target => folder;

    private string Url => Path.Combine(folder, prefix + "IMAGE_URL");

    private string Digest => Path.Combine(folder, prefix + "IMAGE_DIGEST");

    private string Images => Path.Combine(folder, prefix + "IMAGES");

    public IEnumerable<string> Files => [Url, Digest, Images];

    public async Task WriteAsync(ImageReport report)
    {
        Directory.CreateDirectory(folder);
        // A failure between two files leaves one missing: an old digest beside a new name would be signed.
        foreach (var stale in Files)
        {
            File.Delete(OutputFile.Follow(stale));
        }

        await WriteAsync(Digest, report.Digest.ToString());

        // What is in no registry cannot be signed there.
        if (report.Registry is not null)
        {
            await WriteAsync(Url, report.Name);
            var digests = report.Platforms.Select(platform => platform.Digest).Prepend(report.Digest).Distinct();
            await WriteAsync(Images, string.Join(',', digests.Select(digest => $"{report.Name}@{digest}")));
        }
    }

    private static Task WriteAsync(string path, string value) => AtomicFile.WriteIfChangedAsync(path, Encoding.UTF8.GetBytes(value), CancellationToken.None);
}
