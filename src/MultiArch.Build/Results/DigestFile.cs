using System.Text;
using MultiArch.Oci.Publishing;

namespace MultiArch.Build.Results;

/// <summary>The digest and nothing else, no line break either, as buildah's and kaniko's digest files.</summary>
/// <param name="path">Absolute.</param>
internal sealed class DigestFile(string path) : IResultOutput
{
    public string Target => path;

    public IEnumerable<string> Files => [path];

    public Task WriteAsync(ImageReport report) =>
        AtomicFile.WriteIfChangedAsync(path, Encoding.UTF8.GetBytes(report.Digest.ToString()), CancellationToken.None);
}
