using System.Text.RegularExpressions;
using MultiArch.Oci;

namespace MultiArch.Build.Results;

/// <summary>What the project and the environment say about where results go. Paths are relative to the project; empty for none.</summary>
/// <param name="ProjectDirectory">Absolute.</param>
/// <param name="PipelineResults">The property MultiArchPipelineResults: <c>auto</c> or empty, <c>none</c>, or names of pipelines, separated by <c>;</c>.</param>
/// <param name="Prefix">Before the name of each output and variable.</param>
/// <param name="Environment">By the name of a variable.</param>
internal sealed partial record ResultSettings(
    string ProjectDirectory,
    string MetadataFile,
    string DigestFile,
    string DotenvFile,
    string TektonResultsFolder,
    string PipelineResults,
    string Prefix,
    Func<string, string?> Environment)
{
    private const string Output = "GITHUB_OUTPUT";
    private const string Summary = "GITHUB_STEP_SUMMARY";
    private const string Auto = "auto";

    /// <param name="log">Takes a line that whoever runs the build will see.</param>
    /// <exception cref="MultiArchException"><see cref="DiagnosticCodes.InvalidResultSetting"/> or <see cref="DiagnosticCodes.InvalidResultFile"/>.</exception>
    public ResultOutputs ToOutputs(Action<string> log)
    {
        if (!PrefixPattern().IsMatch(Prefix))
        {
            throw Invalid($"MultiArchResultPrefix '{OneLine.Of(Prefix)}' cannot begin the name of a variable: letters, digits and _, and the first is no digit. Set it to something like web_.");
        }

        return new ResultOutputs([.. Files(), .. Pipelines(log)]);
    }

    private IEnumerable<IResultOutput> Files()
    {
        if (MetadataFile.Length > 0)
        {
            yield return new MetadataFile(FullPath(MetadataFile, nameof(MetadataFile)));
        }

        if (DigestFile.Length > 0)
        {
            yield return new DigestFile(FullPath(DigestFile, nameof(DigestFile)));
        }

        if (DotenvFile.Length > 0)
        {
            yield return new DotenvFile(FullPath(DotenvFile, nameof(DotenvFile)), MetadataPath, Prefix);
        }

        if (TektonResultsFolder.Length > 0)
        {
            yield return new TektonResults(Absolute(TektonResultsFolder), Prefix);
        }
    }

    private IEnumerable<IResultOutput> Pipelines(Action<string> log)
    {
        var named = PipelineResults.Split([';', ','], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var isAuto = named is [] or [Auto];
        var pipelines = named switch
        {
            [] or [Auto] => Present(),
            ["none"] => [],
            _ => named.Except(["github", "azure"], StringComparer.Ordinal).FirstOrDefault() is { } unknown
                ? throw Invalid($"MultiArchPipelineResults '{OneLine.Of(unknown)}' is not known. Set it to auto, none, github, azure, or github;azure.")
                : named,
        };
        if (pipelines.Contains("github"))
        {
            if (Variable(Output) is { } output)
            {
                yield return new GitHubOutput(Path.GetFullPath(output, ProjectDirectory), MetadataPath, Prefix);
            }
            else if (!isAuto)
            {
                throw Invalid($"MultiArchPipelineResults asks for the outputs of GitHub Actions, and {Output} names no file. Publish in a step of a workflow, or set it to auto.");
            }

            if (Variable(Summary) is { } summary)
            {
                yield return new GitHubSummary(Path.GetFullPath(summary, ProjectDirectory));
            }
        }

        if (pipelines.Contains("azure"))
        {
            yield return new AzureVariables(log, MetadataPath, Prefix);
        }
    }

    private string[] Present() =>
    [
        .. Variable(Output) is not null || Variable(Summary) is not null ? ["github"] : Array.Empty<string>(),
        .. string.Equals(Variable("TF_BUILD"), "true", StringComparison.OrdinalIgnoreCase) ? ["azure"] : Array.Empty<string>(),
    ];

    private string MetadataPath => MetadataFile.Length > 0 ? FullPath(MetadataFile, nameof(MetadataFile)) : "";

    private string? Variable(string name) => Environment(name) is { Length: > 0 } value ? value : null;

    private string FullPath(string path, string property) => path[^1] is not ('/' or '\\')
        ? Absolute(path)
        : throw new MultiArchException(DiagnosticCodes.InvalidResultFile, $"MultiArch{property} '{OneLine.Of(path)}' names a folder. Name a file in it.");

    /// <summary>A project file may separate folders in the way of Windows, as everywhere in MSBuild.</summary>
    private string Absolute(string path) => Path.GetFullPath(path.Replace('\\', Path.DirectorySeparatorChar), ProjectDirectory);

    private static MultiArchException Invalid(string message) => new(DiagnosticCodes.InvalidResultSetting, message);

    [GeneratedRegex(@"^(?:[A-Za-z_][A-Za-z0-9_]{0,63})?\z")]
    private static partial Regex PrefixPattern();
}
