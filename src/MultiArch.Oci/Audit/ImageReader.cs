using MultiArch.Oci.Inspection;
using MultiArch.Oci.Verification;

namespace MultiArch.Oci.Audit;

/// <summary>Reads one image of an index and says what is wrong with it.</summary>
internal sealed class ImageReader(LayerReading layers, IProgress<VerificationProgress>? progress)
{
    public async Task<(VerifiedPlatform Image, IReadOnlyList<VerificationFault> Faults)> ReadAsync(IndexedImage image, CancellationToken cancellationToken)
    {
        var verified = VerifiedPlatform.Unread(image.Entry.Platform, image.Config?.Platform, image.Entry.Digest);
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
            List<BinaryInImage> inImage = [.. tree.Entries().Where(entry => entry.Entry.Binary is not null).Select(entry => new BinaryInImage("/" + entry.Path, entry.Entry.Binary!))];
            var environment = VerifiedImage.ReadEnvironment(config.Config?.Env);
            var contents = new ImageContents(tree, binaries, inImage, environment);
            var files = ImageFiles.Read(inImage, binaries, contents, CommandFiles.Of(tree, config.Config, environment));
            faults.AddFiles(files);
            return (Describe(verified, contents, files), faults.All);
        }
        catch (Exception e) when (e is FormatException || (e is MultiArchException fault && IndexContents.IsDamage(fault)))
        {
            faults.AddUnreadable(e.Message);
            return (verified, faults.All);
        }
    }

    private static VerifiedPlatform Describe(VerifiedPlatform image, ImageContents contents, ImageFiles files) => image with
    {
        IsInspected = true,
        Binaries = files.Kinds,
        CLibrary = contents.CLibrary is CLibrary.Unknown ? null : $"{(contents.CLibrary is CLibrary.Musl ? "musl" : "glibc")} {contents.CLibraryVersion}".TrimEnd(),
        DisagreeingCount = files.DisagreeingCount,
        Disagreeing = files.Disagreeing,
        Lacks = files.Lacks,
    };
}
