using MultiArch.Oci.Contents;
using MultiArch.Oci.Inspection;

namespace MultiArch.Oci.Verification.Images;

/// <summary>Reads one image of an index and says what is wrong with it.</summary>
internal sealed class ImageReader(LayerReading layers, IProgress<VerificationProgress>? progress)
{
    public async Task<(VerifiedImage Image, IReadOnlyList<VerificationFault> Faults)> ReadAsync(IndexedImage image, CancellationToken cancellationToken)
    {
        var verified = VerifiedImage.Unread(image.Entry.Platform, image.Config?.Platform, image.Entry.Digest);
        var faults = new ImageFaults(verified.Name);
        if (image is not { Manifest: { } manifest, Config: { } config, Fault: null })
        {
            faults.AddUnreadable(image.Fault!); // there is one when something is missing
            return (verified, faults.All);
        }

        faults.AddPlatforms(verified.Index, config.Platform);
        var platform = (verified.Index ?? config.Platform).Normalize();
        if (BinaryPlatform.Find(platform.OS, platform.Architecture, platform.Variant, CLibrary.Unknown) is not { } binaries)
        {
            return (verified, faults.All);
        }

        try
        {
            progress?.Report(new VerificationProgress(verified.Name, manifest.Layers.Count, manifest.Layers.Sum(layer => layer.Size)));
            var tree = await layers.ReadAsync(manifest.Layers, config.RootFS.DiffIds, cancellationToken);
            var command = CommandFiles.Of(tree, config.Config);
            var files = ImageFiles.Read(tree, binaries, command);
            faults.AddFiles(files, command);
            return (Describe(verified, tree, files), faults.All);
        }
        catch (Exception e) when (e is FormatException || (e is MultiArchException fault && IndexContents.IsDamage(fault)))
        {
            faults.AddUnreadable(e.Message);
            return (verified, faults.All);
        }
    }

    private static VerifiedImage Describe(VerifiedImage image, MergedTree tree, ImageFiles files) => image with
    {
        IsInspected = true,
        Binaries = files.Kinds,
        CLibrary = InstalledCLibrary.Describe(tree),
        DisagreeingCount = files.DisagreeingCount,
        Disagreeing = files.Disagreeing,
    };
}
