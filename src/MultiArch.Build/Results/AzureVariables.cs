using MultiArch.Oci.Publishing;

namespace MultiArch.Build.Results;

/// <summary>Variables of an Azure Pipelines job, set by lines in the log: each for the job's later steps, and once more as an output for later jobs.</summary>
/// <remarks>https://learn.microsoft.com/en-us/azure/devops/pipelines/scripts/logging-commands#setvariable-initialize-or-modify-the-value-of-a-variable</remarks>
/// <param name="log">Takes a line that the agent will see.</param>
/// <param name="metadataFile">Absolute path of <c>image.json</c>; empty for none.</param>
internal sealed class AzureVariables(Action<string> log, string metadataFile, string prefix) : IResultOutput
{
    public string Target => "the log";

    public Task WriteAsync(ImageReport report)
    {
        foreach (var variable in ResultVariable.Of(report, metadataFile, prefix))
        {
            log($"##vso[task.setvariable variable={variable.Variable}]{Escape(variable.Value)}");
            log($"##vso[task.setvariable variable={variable.Variable};isOutput=true]{Escape(variable.Value)}");
        }

        return Task.CompletedTask;
    }

    /// <summary>As the agent undoes it. A value that breaks the line could go on with a command of its own.</summary>
    private static string Escape(string value) => value
        .Replace("%", "%AZP25", StringComparison.Ordinal)
        .Replace("\r", "%0D", StringComparison.Ordinal)
        .Replace("\n", "%0A", StringComparison.Ordinal);
}
