using MultiArch.Oci.Formats;
using MultiArch.Oci.Storage;
using MultiArch.Oci.Verification;

namespace MultiArch.Oci.Audit;

/// <summary>Reads every image of an index to its last file, whoever made it, and says where something claimed is not so. Nothing is unpacked to the disk.</summary>
/// <param name="progress">Told of each image before its layers are read.</param>
public sealed class ImageVerifier(IImageStore store, IProgress<VerificationProgress>? progress = null)
{
    // Each image that is read holds a layer's stream and the beginning of one file; more than some make nothing faster.
    private const int MaxParallel = 4;

    /// <param name="location">What the store holds; named in the report and in messages.</param>
    /// <param name="required">Platforms that have to be there.</param>
    /// <exception cref="MultiArchException">There is no such image, or the store cannot be read.</exception>
    public async Task<ImageVerification> VerifyAsync(ImageLocation location, IReadOnlyList<Platform> required, CancellationToken cancellationToken)
    {
        var name = location.ToString()!; // each kind of location writes itself
        var document = await store.FindManifestAsync(location.Reference, cancellationToken)
            ?? throw new MultiArchException(DiagnosticCodes.VerifiedImageNotFound, $"There is no image '{OneLine.Of(name)}'. Correct MultiArchImageReference.");
        try
        {
            var contents = await IndexContents.ReadAsync(store, document, location is ImageLocation.Registry, cancellationToken);
            var images = await ReadImagesAsync(contents.Images, cancellationToken);
            return new ImageVerification(
                name,
                document.Digest,
                document.MediaType,
                [.. images.Select(read => read.Image)],
                contents.OtherEntries,
                contents.IsIndex && !contents.IsListOfTags ? Select(contents.Entries) : [],
                [.. images.SelectMany(read => read.Faults), .. IndexFaults.Find(contents, [.. images.Select(read => read.Image)], required)]);
        }
        catch (FormatException e)
        {
            throw new MultiArchException(DiagnosticCodes.VerifiedImageUnreadable, $"The image '{OneLine.Of(name)}' cannot be read: {OneLine.Of(e.Message).TrimEnd('.')}. Its publisher has to make it again.", e);
        }
    }

    private static List<HostSelection> Select(IReadOnlyList<Descriptor> entries)
    {
        return [.. ClientSelection.Hosts.Select(host => new HostSelection(host, Pick(HostClient.Containerd, host), Pick(HostClient.Docker, host), Pick(HostClient.Podman, host)))];

        int? Pick(HostClient client, Platform host) => ClientSelection.Pick(client, host, entries);
    }

    private async Task<IReadOnlyList<(VerifiedPlatform Image, IReadOnlyList<VerificationFault> Faults)>> ReadImagesAsync(IReadOnlyList<IndexedImage> images, CancellationToken cancellationToken)
    {
        var layers = images.SelectMany(image => (image.Manifest?.Layers ?? []).Select(layer => layer.Digest).Distinct());
        var shared = layers.GroupBy(layer => layer).Where(group => group.Count() > 1).Select(group => group.Key).ToHashSet();
        var reader = new ImageReader(new LayerReading(store, VerifiedContents.Selection with { ReadsHeaders = true }, shared, progress), progress);
        var read = new (VerifiedPlatform Image, IReadOnlyList<VerificationFault> Faults)[images.Count];
        var options = new ParallelOptions { MaxDegreeOfParallelism = Math.Min(MaxParallel, Environment.ProcessorCount), CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(Enumerable.Range(0, images.Count), options, async (i, token) => read[i] = await reader.ReadAsync(images[i], token));
        return read;
    }
}
