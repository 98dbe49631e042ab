using MultiArch.Oci;

namespace MultiArch.Build.Combining;

/// <summary>What <c>MultiArchCombineFrom</c> names, and the files and references that this is.</summary>
/// <param name="Parts">As they are written, wildcards and all.</param>
/// <param name="Found">For each of them what MSBuild has found: a file, or what may be a reference.</param>
/// <param name="ProjectDirectory">Absolute.</param>
internal sealed record CombineParts(IReadOnlyList<string> Parts, IReadOnlyList<(string Part, string Text)> Found, string ProjectDirectory)
{
    public const string Property = "MultiArchCombineFrom";

    /// <summary>Each once, in the order of the property.</summary>
    /// <param name="written">Absolute path of the file that this combine writes: a pattern that takes in all folders finds what the last one has written.</param>
    /// <param name="leftOut">Whether that was so.</param>
    /// <exception cref="MultiArchException"><see cref="DiagnosticCodes.NothingToCombine"/>: a part that fits nothing may be a platform that is lost.</exception>
    public IReadOnlyList<string> Read(string written, out bool leftOut)
    {
        if (Parts.Count == 0)
        {
            throw Nothing($"There is nothing to combine. Set {Property} to the parts, such as -p:{Property}=digests/**/image.json.");
        }

        var taken = Found.Where(found => !IsPattern(found.Part) || FullPath(found.Text) != written).ToList();
        leftOut = taken.Count < Found.Count;
        if (Parts.FirstOrDefault(part => taken.All(found => found.Part != part)) is { } empty)
        {
            throw Nothing(Found.Any(found => found.Part == empty)
                ? $"{Property} '{OneLine.Of(empty)}' fits '{OneLine.Of(written)}' alone, which this combine writes. Name the parts' own files, or another MultiArchMetadataFile."
                : $"{Property} '{OneLine.Of(empty)}' fits no file. Correct the pattern, which is relative to the project, or let the job publish first that was to leave a file there.");
        }

        return [.. taken.Select(found => found.Text).DistinctBy(FullPath)];
    }

    /// <summary>For what is no path, too, something that no other reference has.</summary>
    public string FullPath(string text) => Path.GetFullPath(text.Replace('\\', Path.DirectorySeparatorChar), ProjectDirectory);

    private static bool IsPattern(string part) => part.AsSpan().IndexOfAny('*', '?') >= 0;

    private static MultiArchException Nothing(string message) => new(DiagnosticCodes.NothingToCombine, message);
}
