using Microsoft.Build.Framework;
using MultiArch.Build.Results;
using MultiArch.Oci;

namespace MultiArch.Build.Tasks;

/// <summary>Knows where others read what is published. Paths are relative to <see cref="RegistryTask.ProjectDirectory"/>; empty for none.</summary>
public abstract class ResultsTask : RegistryTask
{
    /// <summary>The path of <c>image.json</c>.</summary>
    public string MetadataFile { get; set; } = "";

    public string DigestFile { get; set; } = "";

    public string DotenvFile { get; set; } = "";

    public string TektonResultsFolder { get; set; } = "";

    /// <inheritdoc cref="ResultSettings"/>
    public string PipelineResults { get; set; } = "";

    /// <inheritdoc cref="ResultSettings"/>
    public string ResultPrefix { get; set; } = "";

    /// <exception cref="MultiArchException"><see cref="DiagnosticCodes.InvalidResultSetting"/> or <see cref="DiagnosticCodes.InvalidResultFile"/>.</exception>
    private protected ResultOutputs ReadOutputs() =>
        new ResultSettings(ProjectDirectory, MetadataFile, DigestFile, DotenvFile, TektonResultsFolder, PipelineResults, ResultPrefix, Environment.GetEnvironmentVariable)
            .ToOutputs(line => Log.LogMessage(MessageImportance.High, "{0}", line));
}
