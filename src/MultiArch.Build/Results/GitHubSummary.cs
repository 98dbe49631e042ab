using System.Globalization;
using System.Text;
using MultiArch.Oci;
using MultiArch.Oci.Publishing;

namespace MultiArch.Build.Results;

/// <summary>A table for people on the page of a run of GitHub Actions, appended to the file that <c>GITHUB_STEP_SUMMARY</c> names.</summary>
/// <remarks>https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands#adding-a-job-summary</remarks>
/// <param name="path">Absolute.</param>
internal sealed class GitHubSummary(string path) : IResultOutput
{
    public string Target => path;

    public IEnumerable<string> SharedFiles => [path];

    public Task WriteAsync(ImageReport report) => SharedFile.AppendLinesAsync(path, ToMarkdown(report));

    internal static string ToMarkdown(ImageReport report)
    {
        var seen = new HashSet<Digest>();
        var lines = new StringBuilder()
            .Append(CultureInfo.InvariantCulture, $"### {Code(report.Project ?? report.Name)}\n\n{Code($"{report.Name}@{report.Digest}")}\n\n");
        if (report.Tags.Count > 0)
        {
            lines.Append(CultureInfo.InvariantCulture, $"Tags: {string.Join(", ", report.Tags.Select(Code))}\n\n");
        }

        lines.Append("| platform | digest | size | sent | base |\n| --- | --- | ---: | ---: | --- |\n");
        foreach (var platform in report.Platforms)
        {
            var size = platform.Layers.Sum(layer => layer.Size);
            // A layer that platforms share counts for the first of them.
            var sent = platform.Layers.Where(layer => seen.Add(layer.Digest) && layer.WasSent).Sum(layer => layer.Size);
            lines.Append(
                CultureInfo.InvariantCulture,
                $"| {Code(platform.Platform)} | {Code(platform.Digest.ToString())} | {ByteSize.Format(size)} | {ByteSize.Format(sent)} | {Code(platform.Base?.Name ?? "")} |\n");
        }

        return lines.Append('\n').ToString();
    }

    /// <summary>Text as it stands, whatever markup it looks like.</summary>
    private static string Code(string text) =>
        $"<code>{string.Concat(OneLine.Of(text, int.MaxValue).EnumerateRunes().Select(rune => IsPlain(rune) ? rune.ToString() : $"&#{rune.Value};"))}</code>";

    private static bool IsPlain(Rune rune) => Rune.IsLetterOrDigit(rune) || (rune.IsAscii && " /:.@-+".Contains((char)rune.Value, StringComparison.Ordinal));
}
