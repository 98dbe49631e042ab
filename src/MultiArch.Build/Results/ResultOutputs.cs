using MultiArch.Oci;
using MultiArch.Oci.Publishing;

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
        if (files.GroupBy(file => file, StringComparer.Ordinal).FirstOrDefault(uses => uses.Count() > 1) is { } twice)
        {
            throw Invalid($"'{OneLine.Of(twice.Key)}' is to hold two results, and each is a whole file. Name another file for one of them.");
        }

        foreach (var file in files)
        {
            CheckFile(file);
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
                    $"The image is published, {OneLine.Of(report.Name)}@{report.Digest}{tags}, and '{OneLine.Of(output.Target)}', which is to tell of it, is not written: {OneLine.Of(cause)} "
                    + "Correct that and publish again: nothing is sent twice.");
            }
        }

        return failures;
    }

    private static void CheckFile(string file)
    {
        // As root, a device would be replaced by a file.
        if (file.StartsWith("/dev/", StringComparison.Ordinal) || file.StartsWith("/proc/", StringComparison.Ordinal))
        {
            throw Invalid($"'{OneLine.Of(file)}' is no file that can be replaced, and a result is written whole. Name a file.");
        }

        if (Directory.Exists(file))
        {
            throw Invalid($"'{OneLine.Of(file)}' is a folder, and a result is to be written there. Name a file in it.");
        }

        var folder = Path.GetDirectoryName(file);
        while (folder is not null && !Path.Exists(folder))
        {
            folder = Path.GetDirectoryName(folder);
        }

        if (File.Exists(folder))
        {
            throw Invalid($"'{OneLine.Of(file)}' cannot be written: '{OneLine.Of(folder)}' is a file, not a folder. Name another place.");
        }
    }

    private static MultiArchException Invalid(string message) => new(DiagnosticCodes.InvalidResultFile, message);
}
