using MultiArch.Oci;
using MultiArch.Oci.Publishing;
using MultiArch.Oci.Storage;

namespace MultiArch.Build;

/// <summary>The table at the end of a publish: a line for each platform, and what it cost.</summary>
internal static class PublishSummary
{
    public static IEnumerable<string> Lines(PublishReport report)
    {
        var width = report.Images.Max(image => image.Platform.ToString().Length);
        var seen = new HashSet<Digest>();
        foreach (var image in report.Images)
        {
            // A layer that platforms share is sent once, and counts for the first of them.
            var sent = image.Layers.Where(layer => seen.Add(layer.Descriptor.Digest) && layer.Write is BlobWrite.Uploaded).ToList();
            yield return $"{image.Platform.ToString().PadRight(width)}  {image.Manifest.Digest}  layers: {sent.Count} new, {image.Layers.Count - sent.Count} reused  "
                + $"{ByteSize.Format(sent.Sum(layer => layer.Descriptor.Size))} sent";
        }
    }
}
