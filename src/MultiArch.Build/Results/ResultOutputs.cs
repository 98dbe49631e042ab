using MultiArch.Oci;
using MultiArch.Oci.Publishing;
using MultiArch.Oci.Storage;

namespace MultiArch.Build.Results;

/// <summary>All places where others read what was published.</summary>
internal sealed class ResultOutputs(IReadOnlyList<IResultOutput> outputs)
{
    /// <summary>Says what cannot be written while nothing has been published.</summary>
    /// <param name="name">What will come before <c>@digest</c>; empty when it is not known yet.</param>
    /// <exception cref="MultiArchException"><see cref="DiagnosticCodes.InvalidResultFile"/>.</exception>
    public void Check(string name)
    {
        var files = outputs.SelectMany(output => output.Files).ToList();
        var shared = outputs.SelectMany(output => output.SharedFiles).ToList();
        foreach (var file in files)
        {
            CheckPlace(file, OutputFile.FindObstacle(file));
        }

        foreach (var file in shared)
        {
            CheckPlace(file, FindObstacleToAdding(file));
        }

        // Two names may be one file, by a link. Of two shared ones that is for the pipeline to decide.
        if (files.Select(OutputFile.Follow).Concat(shared.Select(OutputFile.Follow).Distinct()).GroupBy(file => file).FirstOrDefault(uses => uses.Count() > 1) is { } twice)
        {
            throw Invalid($"'{OneLine.Of(twice.Key)}' is to hold two results, and one of them has the file for itself. Name another file for one of them.");
        }

        foreach (var output in outputs)
        {
            output.Check(name);
        }
    }

    /// <summary>Writes all that can be written. The image is published: what fails now is told as that.</summary>
    /// <returns>A message of <see cref="DiagnosticCodes.ResultNotWritten"/> for each that could not be written.</returns>
    public async Task<IReadOnlyList<string>> WriteAsync(ImageReport report)
    {
        var failures = new List<string>();
        foreach (var output in outputs)
        {
            try
            {
                await output.WriteAsync(report);
            }
            catch (Exception e) when (e is MultiArchException or IOException or UnauthorizedAccessException)
            {
                var cause = (e.InnerException ?? e).Message;
                var tags = report.Tags.Count > 0 ? $", and {string.Join(", ", report.Tags)} {(report.Tags.Count == 1 ? "names" : "name")} it" : "";
                failures.Add(
                    $"The image is published, {OneLine.Of(report.Name)}@{report.Digest}{tags}, and '{OneLine.Of(output.Target)}', which is to tell of it, is not written: {OneLine.Sentence(cause)} "
                    + "Correct that and publish again: nothing is sent twice.");
            }
        }

        return failures;
    }

    private static void CheckPlace(string file, string? obstacle)
    {
        if (obstacle is not null)
        {
            throw Invalid($"A result cannot be written to '{OneLine.Of(file)}': {obstacle}. Name another file.");
        }
    }

    /// <summary>A device or a pipe takes lines as a file does.</summary>
    private static string? FindObstacleToAdding(string file) => File.Exists(file) ? null : OutputFile.FindObstacle(file);

    private static MultiArchException Invalid(string message) => new(DiagnosticCodes.InvalidResultFile, message);
}
