using System.Security.Cryptography;
using System.Text;
using MultiArch.Oci.Formats;

namespace MultiArch.Oci.Storage;

/// <summary>Loads an image into podman: each platform by itself, then the manifest list that joins them, then the tags.</summary>
/// <remarks>
/// <c>podman load</c> takes one platform out of an index and drops the others (4.3). A manifest list of loaded images makes
/// <c>podman run</c> start this machine's platform, and <c>--platform</c> another; podman writes the list's document itself, so its digest
/// is not the index's, while those of the platforms stay. Each platform's image gets a name too (<c>latest-linux-arm64</c>): a list does
/// not keep its images from <c>podman image prune</c>, which takes every image without a name.
/// </remarks>
internal sealed class PodmanLoader(EngineProgram program, string repository) : IEngineLoader
{
    public string Name => $"localhost/{repository}";

    public string Command => "podman";

    public async Task LoadAsync(IImageStore images, Document image, IReadOnlyList<string> tags, CancellationToken cancellationToken)
    {
        var platforms = await ReadPlatformsAsync(images, image, cancellationToken);
        if (MediaTypes.IsIndex(image.MediaType) && await IsLoadedAsync(platforms, tags, cancellationToken))
        {
            return;
        }

        var added = new List<string[]>();
        try
        {
            foreach (var platform in platforms)
            {
                await LoadPlatformAsync(images, platform, added, cancellationToken);
            }

            if (MediaTypes.IsIndex(image.MediaType))
            {
                await JoinAsync(platforms, tags, added, cancellationToken);
            }
            else
            {
                added.Clear();
                await TagAsync(platforms[0].Id, tags, cancellationToken);
            }
        }
        catch
        {
            await RemoveAsync(added);
            throw;
        }
    }

    private static async Task<IReadOnlyList<PlatformOfImage>> ReadPlatformsAsync(IImageStore images, Document image, CancellationToken cancellationToken)
    {
        if (!MediaTypes.IsIndex(image.MediaType))
        {
            return [new PlatformOfImage(image, Platform: null)];
        }

        var platforms = new List<PlatformOfImage>();
        foreach (var entry in ImageIndex.Parse(image.Bytes.Span).Manifests)
        {
            platforms.Add(new PlatformOfImage(await ReachableBlobs.ReadDocumentAsync(images, entry, cancellationToken), entry.Platform));
        }

        return platforms;
    }

    /// <summary>Whether every tag names a list of just these images: an unchanged publish then leaves podman as it is.</summary>
    private async Task<bool> IsLoadedAsync(IReadOnlyList<PlatformOfImage> platforms, IReadOnlyList<string> tags, CancellationToken cancellationToken)
    {
        foreach (var platform in platforms)
        {
            if (!await ExistsAsync(platform.Id, cancellationToken))
            {
                return false;
            }
        }

        foreach (var tag in tags)
        {
            // Asked of the list by name; of an image that is no list, podman would look for it in a registry.
            if ((await program.TryRunAsync(["manifest", "exists", $"{Name}:{tag}"], input: null, cancellationToken)).ExitCode != 0
                || await program.TryRunAsync(["manifest", "inspect", $"{Name}:{tag}"], input: null, cancellationToken) is not { ExitCode: 0 } list
                || !Lists(list.Output, platforms))
            {
                return false;
            }
        }

        return true;
    }

    private static bool Lists(string list, IReadOnlyList<PlatformOfImage> platforms)
    {
        try
        {
            return ImageIndex.Parse(Encoding.UTF8.GetBytes(list)).Manifests.Select(entry => entry.Digest)
                .SequenceEqual(platforms.Select(platform => platform.Manifest.Digest));
        }
        catch (FormatException)
        {
            return false;
        }
    }

    private async Task LoadPlatformAsync(IImageStore images, PlatformOfImage platform, List<string[]> added, CancellationToken cancellationToken)
    {
        if (!await ExistsAsync(platform.Id, cancellationToken))
        {
            added.Add(["image", "rm", platform.Id]);
        }

        var content = await ArchiveContent.DescribeAsync(images, platform.Manifest, names: [], cancellationToken);
        await program.RunAsync(["load"], (input, token) => ArchiveWriter.WriteAsync(content, images, input, token), cancellationToken);
    }

    private async Task JoinAsync(IReadOnlyList<PlatformOfImage> platforms, IReadOnlyList<string> tags, List<string[]> added, CancellationToken cancellationToken)
    {
        // Under a name of its own until it is whole.
        var list = $"{Name}:multiarch-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4))}";
        string[] remove = ["manifest", "rm", list];
        added.Insert(0, remove);
        await program.RunAsync(["manifest", "create", list], input: null, cancellationToken);
        foreach (var platform in platforms)
        {
            var variant = platform.Platform?.Variant is { } name ? new[] { "--variant", name } : [];
            await program.RunAsync(["manifest", "add", .. variant, list, $"containers-storage:{platform.Id}"], input: null, cancellationToken);
        }

        // From here on tags move, and what they point at stays, whatever happens.
        added.RemoveAll(command => command != remove);
        foreach (var platform in platforms)
        {
            await TagAsync(platform.Id, [.. tags.Select(tag => $"{tag}-{platform.Platform}".Replace('/', '-')).Where(ImageReference.IsTag)], cancellationToken);
        }

        await TagAsync(list, tags, cancellationToken);
        added.Clear();
        await program.RunAsync(remove, input: null, cancellationToken);
    }

    private async Task TagAsync(string image, IReadOnlyList<string> tags, CancellationToken cancellationToken)
    {
        if (tags.Count > 0)
        {
            await program.RunAsync(["tag", image, .. tags.Select(tag => $"{Name}:{tag}")], input: null, cancellationToken);
        }
    }

    private async Task<bool> ExistsAsync(string image, CancellationToken cancellationToken) =>
        (await program.TryRunAsync(["image", "exists", image], input: null, cancellationToken)).ExitCode == 0;

    /// <summary>After a failure, and after a cancellation, which the removal must outlive. What cannot be removed does no harm: it has no name.</summary>
    private async Task RemoveAsync(IEnumerable<string[]> added)
    {
        foreach (var command in added)
        {
            try
            {
                await program.TryRunAsync(command, input: null, CancellationToken.None);
            }
            catch (MultiArchException)
            {
                return; // The program itself is gone; the first failure is the one to report.
            }
        }
    }

    /// <param name="Platform">Null for an image that stands for itself.</param>
    private sealed record PlatformOfImage(Document Manifest, Platform? Platform)
    {
        /// <summary>As podman names it: the hex digits of its config's digest.</summary>
        public string Id { get; } = ImageManifest.Parse(Manifest.Bytes.Span).Config.Digest.Hex;
    }
}
