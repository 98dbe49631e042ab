using MultiArch.Oci.Formats;
using MultiArch.Oci.Storage;

namespace MultiArch.Oci.Publishing.Combining;

/// <summary>Reads the images that sources name, and believes none of them what its config does not say.</summary>
/// <param name="open">Opens a repository that is not the destination.</param>
internal sealed class ChildReader(IImageStore destination, Func<ImageReference, IImageStore> open)
{
    /// <exception cref="MultiArchException">
    /// <see cref="DiagnosticCodes.ChildMissing"/>, <see cref="DiagnosticCodes.ChildContradictsItself"/>, or the registry fails.
    /// </exception>
    public async Task<IReadOnlyList<Child>> ReadAsync(CombineSource source, CancellationToken cancellationToken)
    {
        var store = IsDestination(source.Image) ? destination : open(source.Image);
        var target = await store.FindManifestAsync(source.Image.Reference, cancellationToken) ?? throw Missing(source.Name, $"{source.Image} does not exist");
        var children = await ReadAsync(source.Name, store, target, cancellationToken);
        return source.Report is { } report ? [.. Confirm(report, children, source)] : children;
    }

    /// <summary>What a document that a store has given holds.</summary>
    /// <exception cref="MultiArchException">As above.</exception>
    public static async Task<IReadOnlyList<Child>> ReadAsync(string source, IImageStore store, Document target, CancellationToken cancellationToken)
    {
        try
        {
            var children = await new ChildExpansion(source, store).RunAsync(target, cancellationToken);
            return children.Count > 0 ? children : throw new FormatException("it holds no image of a platform");
        }
        catch (FormatException e)
        {
            throw Contradiction(source, e.Message, e);
        }
    }

    internal static MultiArchException Missing(string source, string what) => new(
        DiagnosticCodes.ChildMissing, $"'{OneLine.Of(source)}' cannot be combined: {what}. Publish that platform again, or leave it out; a registry may remove what no tag names.");

    private static MultiArchException Contradiction(string source, string what, Exception? cause = null) => new(
        DiagnosticCodes.ChildContradictsItself, $"'{OneLine.Of(source)}' cannot be combined: {OneLine.Of(what).TrimEnd('.')}. Publish that platform again, or leave it out.", cause);

    private bool IsDestination(ImageReference image) =>
        destination.Repository is { } its && its.Registry.Equals(image.Registry, StringComparison.OrdinalIgnoreCase) && its.Repository == image.Repository;

    /// <summary>Each image with what was said of it.</summary>
    private static IEnumerable<Child> Confirm(ImageReport report, IReadOnlyList<Child> children, CombineSource source)
    {
        foreach (var told in report.Platforms)
        {
            if (children.FirstOrDefault(child => child.Manifest.Digest == told.Digest) is not { } child)
            {
                throw Missing(source.Name, $"it tells of {told.Digest} for {OneLine.Of(told.Platform)}, and {source.Image} does not have that");
            }

            if (child.Platform.ToString() != told.Platform)
            {
                throw Contradiction(source.Name, $"it tells of {told.Platform} at {told.Digest}, and that image's config says {child.Platform}");
            }
        }

        return children.Select(child => child with { Told = report.Platforms.FirstOrDefault(told => told.Digest == child.Manifest.Digest) });
    }
}
