using MultiArch.Oci;
using MultiArch.Oci.Audit;

namespace MultiArch.Build;

/// <summary>A verification as lines of text, in columns; none of an image that cannot be read.</summary>
internal static class ImageTable
{
    // Files named below an image; the report has all.
    private const int MaxFiles = 10;

    // Of one cell: what an image says of itself may be of any length.
    private const int MaxCell = 120;

    public static IEnumerable<string> Lines(ImageVerification report)
    {
        if (report is not { Digest: { } digest, MediaType: { } mediaType })
        {
            yield break;
        }

        var what = MediaTypes.IsIndex(mediaType) ? $"an index of {Count(report.Images.Count, "image", "images")}" : "one image";
        var others = report.OtherEntries > 0 ? $", and of {Count(report.OtherEntries, "attestation or other artifact", "attestations or other artifacts")}" : "";
        yield return $"{OneLine.Of(report.Reference)} is {digest}: {what}{others}.";
        foreach (var line in Aligned([["Index says", "Config says", "Binaries are", "C library", "Disagree"], .. report.Images.Select(Cells)]))
        {
            yield return line;
        }

        foreach (var line in report.Images.SelectMany(Files))
        {
            yield return line;
        }

        if (report.Selections.Count > 0)
        {
            foreach (var line in Aligned([["On a host", "containerd takes", "docker takes", "podman takes"], .. report.Selections.Select(selection => Cells(report, selection))]))
            {
                yield return line;
            }
        }
    }

    private static string Count(int count, string one, string several) => $"{count} {(count == 1 ? one : several)}";

    private static string[] Cells(VerifiedPlatform image) =>
    [
        image.Index?.ToString() ?? "-",
        image.Config?.ToString() ?? "not readable",
        image.IsInspected ? Binaries(image) : "not looked at",
        image.CLibrary ?? "-",
        image.IsInspected ? $"{image.DisagreeingCount}" : "-",
    ];

    private static string Binaries(VerifiedPlatform image) =>
        image.Binaries.Count == 0 ? "none" : string.Join(", ", image.Binaries.OrderByDescending(kind => kind.Value).Select(kind => $"{kind.Key}: {kind.Value}"));

    private static string[] Cells(ImageVerification report, HostSelection selection)
    {
        return [selection.Host.ToString(), Taken(selection.Containerd), Taken(selection.Docker), Taken(selection.Podman)];

        string Taken(int? position) => position is { } at ? report.Images[at].Name : "none";
    }

    private static IEnumerable<string> Files(VerifiedPlatform image)
    {
        foreach (var file in image.Disagreeing.Take(MaxFiles))
        {
            yield return $"  {OneLine.Of(image.Name, MaxCell)}  {OneLine.Of(file.Fault.Path, 200)}: {OneLine.Of(file.Fault.Found, MaxCell)}, {file.Reason ?? "perhaps on purpose"}";
        }

        if (image.DisagreeingCount > MaxFiles)
        {
            yield return $"  {OneLine.Of(image.Name, MaxCell)}  and {image.DisagreeingCount - MaxFiles} more; MultiArchReportFile names up to 1000";
        }
    }

    private static IEnumerable<string> Aligned(IReadOnlyList<string[]> rows)
    {
        var cells = rows.Select(row => row.Select(cell => OneLine.Of(cell, MaxCell)).ToArray()).ToList();
        var widths = Enumerable.Range(0, cells[0].Length).Select(column => cells.Max(row => row[column].Length)).ToArray();
        return cells.Select(row => "  " + string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
    }
}
