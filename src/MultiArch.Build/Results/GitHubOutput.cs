using System.Text;
using MultiArch.Oci;
using MultiArch.Oci.Publishing;

namespace MultiArch.Build.Results;

/// <summary>Outputs of a step of GitHub Actions, appended to the file that <c>GITHUB_OUTPUT</c> names.</summary>
/// <remarks>https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands#setting-an-output-parameter</remarks>
/// <param name="path">Absolute.</param>
/// <param name="metadataFile">Absolute path of <c>image.json</c>; empty for none.</param>
internal sealed class GitHubOutput(string path, string metadataFile, string prefix) : IResultOutput
{
    public string Target => path;

    public IEnumerable<string> SharedFiles => [path];

    public Task WriteAsync(ImageReport report) =>
        SharedFile.AppendLinesAsync(path, string.Concat(ResultVariable.Of(report, metadataFile, prefix).Select(variable => Format(variable.Output, variable.Value))));

    private static string Format(string name, string value)
    {
        if (!value.Any(char.IsControl))
        {
            return $"{name}={value}\n";
        }

        // No text holds its own hash: the value cannot end itself and go on as another output.
        var delimiter = $"ghadelimiter_{Digest.Of(Encoding.UTF8.GetBytes(value)).Hex}";
        return $"{name}<<{delimiter}\n{value}\n{delimiter}\n";
    }
}
