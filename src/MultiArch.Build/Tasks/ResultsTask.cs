using Microsoft.Build.Framework;
using MultiArch.Build.Results;
using MultiArch.Oci;
using MultiArch.Oci.Publishing;

namespace MultiArch.Build.Tasks;

/// <summary>Knows where others read what is published. Paths are relative to <see cref="ProjectDirectory"/>; empty for none.</summary>
public abstract class ResultsTask : AsyncTask
{
    /// <summary>Absolute; what relative paths are relative to.</summary>
    [Required]
    public string ProjectDirectory { get; set; } = "";

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

    private protected async Task WriteAsync(ResultOutputs outputs, ImageReport report)
    {
        foreach (var failure in await outputs.WriteAsync(report))
        {
            Log.Error(DiagnosticCodes.ResultNotWritten, failure);
        }
    }
}
