using System.Text.Json;
using Microsoft.Build.Framework;
using MultiArch.Oci;

namespace MultiArch.Build.Tasks;

/// <summary>Says in one line why NuGet could not restore a platform, by the errors that NuGet wrote into its assets file.</summary>
[MSBuildMultiThreadableTask]
public sealed class ReportFailedRestore : Microsoft.Build.Utilities.Task
{
    private const int MaxReasons = 3;

    [Required]
    public string ProjectName { get; set; } = "";

    [Required]
    public string RuntimeIdentifier { get; set; } = "";

    /// <summary>The <c>project.assets.json</c> of the restore that failed, absolute. It need not exist.</summary>
    [Required]
    public string AssetsFile { get; set; } = "";

    public override bool Execute()
    {
        var reasons = ReadErrors();
        var why = reasons.Count == 0
            ? $"NuGet gave no reason; 'dotnet restore -r {RuntimeIdentifier}' shows it."
            : string.Join(" ", reasons.Take(MaxReasons)) + (reasons.Count > MaxReasons ? $" And {reasons.Count - MaxReasons} more." : "");
        Log.Error(
            DiagnosticCodes.CannotRestore,
            $"'{ProjectName}' cannot be restored for {RuntimeIdentifier}. {why} Add a package source that has what is missing, or leave {RuntimeIdentifier} out of the platforms.");
        return false;
    }

    /// <summary>Code and message of each error, on one line each.</summary>
    private List<string> ReadErrors()
    {
        if (!File.Exists(AssetsFile))
        {
            return [];
        }

        using var assets = JsonDocument.Parse(File.ReadAllBytes(AssetsFile));
        return !assets.RootElement.TryGetProperty("logs", out var logs)
            ? []
            : [.. logs.EnumerateArray()
                .Where(entry => entry.GetProperty("level").GetString() == "Error")
                .Select(entry => $"{entry.GetProperty("code").GetString()}: {OneLine(entry.GetProperty("message").GetString())}")
                .Distinct(StringComparer.Ordinal)];
    }

    private static string OneLine(string? message) =>
        string.Join(' ', (message ?? "").Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)).TrimEnd('.') + ".";
}
