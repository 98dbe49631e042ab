using System.Text;
using MultiArch.Oci;
using MultiArch.Oci.Publishing;

namespace MultiArch.Build.Results;

/// <summary>Variables for later jobs, as GitLab's <c>artifacts:reports:dotenv</c> takes them: <c>NAME=value</c>, a line each, nothing quoted. Other lines of the file stay.</summary>
/// <remarks>https://docs.gitlab.com/ci/variables/dotenv_variables/</remarks>
/// <param name="path">Absolute.</param>
/// <param name="metadataFile">Absolute path of <c>image.json</c>; empty for none.</param>
internal sealed class DotenvFile(string path, string metadataFile, string prefix) : IResultOutput
{
    public string Target => path;

    public IEnumerable<string> Files => [path];

    /// <exception cref="MultiArchException"><see cref="DiagnosticCodes.InvalidResultFile"/>.</exception>
    public void Check(string name)
    {
        if (new[] { name, metadataFile }.FirstOrDefault(value => value.Any(char.IsControl)) is { } value)
        {
            throw new MultiArchException(
                DiagnosticCodes.InvalidResultFile,
                $"The file of MultiArchDotenvFile cannot hold '{OneLine.Of(value)}': it has a line break or another control character, and a value there is one line. Publish to another path, or leave MultiArchDotenvFile out.");
        }
    }

    public Task WriteAsync(ImageReport report)
    {
        var variables = ResultVariable.Of(report, metadataFile, prefix);
        return SharedFile.UpdateAsync(path, before =>
        {
            // Bytes that are not ours come out as they went in.
            var others = Encoding.Latin1.GetString(before).Split('\n').Where(line => line.Length > 0 && !variables.Any(variable => IsOf(variable, line)));
            var ours = variables.Select(variable => $"{variable.Variable}={variable.Value}\n");
            return [.. Encoding.Latin1.GetBytes(string.Concat(others.Select(line => line + '\n'))), .. Encoding.UTF8.GetBytes(string.Concat(ours))];
        });
    }

    private static bool IsOf(ResultVariable variable, string line) => line.StartsWith(variable.Variable + '=', StringComparison.Ordinal);
}
