using MultiArch.Oci;
using MultiArch.Oci.Publishing;
using MultiArch.Oci.Storage;

namespace MultiArch.Build;

/// <summary>What a publish cost, at its end: a line for each platform, and above them, when anything moved, what became of each layer.</summary>
internal static class PublishSummary
{
    private const string Base = "base";

    /// <summary>Side by side; more would not fit a terminal.</summary>
    private const int MaxColumns = 3;

    /// <param name="isRegistry">Whether what was sent went over a network.</param>
    public static IEnumerable<string> Lines(PublishReport report, bool isRegistry)
    {
        var columns = Columns(report, isRegistry ? "uploaded" : "written");
        var hasMoved = report.Images.SelectMany(image => image.Layers).Any(layer => layer.Write is not BlobWrite.Reused);
        return [.. hasMoved ? columns.Chunk(MaxColumns).SelectMany(Table) : [], .. Platforms(report, isRegistry ? "sent" : "written")];
    }

    private static List<Column> Columns(PublishReport report, string sent)
    {
        var seen = new HashSet<Digest>();
        return [.. report.Images.Select(image => new Column(
            image.Platform.ToString(),
            image.Layers.GroupBy(layer => layer.Title ?? Base).ToDictionary(
                layers => layers.Key,
                layers => new Cell(
                    ByteSize.Format(layers.Sum(layer => layer.Descriptor.Size)),
                    Join(layers.Select(layer => (layer.Write, IsNew: seen.Add(layer.Descriptor.Digest))).ToList(), sent)))))];
    }

    /// <summary>A layer that platforms share is sent once.</summary>
    private static string Join(List<(BlobWrite Write, bool IsNew)> writes, string sent)
    {
        var words = writes
            .OrderByDescending(layer => layer.Write)
            .Select(layer => layer switch
            {
                { Write: BlobWrite.Reused } => "reused",
                { IsNew: false } => "shared",
                { Write: BlobWrite.Mounted } => "mounted",
                _ => sent,
            });
        return string.Join(", ", words.Distinct());
    }

    private static IEnumerable<string> Table(Column[] columns)
    {
        string[] titles = [.. columns.SelectMany(column => column.Cells.Keys).Distinct()];
        string[][] texts = [["", .. titles], .. columns.Select(column => column.Lines(titles))];
        var widths = texts.Select(lines => lines.Max(line => line.Length)).ToList();
        return Enumerable.Range(0, titles.Length + 1)
            .Select(row => string.Join("   ", texts.Zip(widths, (lines, width) => lines[row].PadRight(width))).TrimEnd());
    }

    private static IEnumerable<string> Platforms(PublishReport report, string moved)
    {
        var width = report.Images.Max(image => image.Platform.ToString().Length);
        var seen = new HashSet<Digest>();
        foreach (var image in report.Images)
        {
            // A layer that platforms share counts for the first of them.
            var sent = image.Layers.Where(layer => seen.Add(layer.Descriptor.Digest) && layer.Write is BlobWrite.Uploaded).ToList();
            yield return $"{image.Platform.ToString().PadRight(width)}  {image.Manifest.Digest}  layers: {sent.Count} new, {image.Layers.Count - sent.Count} reused  "
                + $"{ByteSize.Format(sent.Sum(layer => layer.Descriptor.Size))} {moved}";
        }
    }

    /// <param name="Cells">By the layer's title.</param>
    private sealed record Column(string Platform, Dictionary<string, Cell> Cells)
    {
        public string[] Lines(string[] titles)
        {
            var width = Cells.Values.Select(cell => cell.Size.Length).DefaultIfEmpty().Max();
            return [Platform, .. titles.Select(title => Cells.TryGetValue(title, out var cell) ? $"{cell.Size.PadLeft(width)}  {cell.Word}" : "")];
        }
    }

    private sealed record Cell(string Size, string Word);
}
