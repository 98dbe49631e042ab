using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using MultiArch.Testing;

namespace MultiArch.Benchmarks.Registries;

/// <summary>What a run has pushed, read back and checked: a run whose image is not right has no figures.</summary>
/// <param name="Layers">Of all platforms, the base's left out, each once: digest and bytes as stored.</param>
public sealed record PushedImage(IReadOnlyDictionary<string, long> Layers)
{
    public long Size => Layers.Values.Sum();

    /// <summary>Reads an index with all that it names.</summary>
    /// <param name="platforms">Such as <c>linux/amd64</c>: those that the index must have, and no other.</param>
    /// <param name="baseImage">Its layers are not counted; null for none.</param>
    /// <exception cref="InvalidOperationException">It is not what it claims, or not what was asked for.</exception>
    public static async Task<PushedImage> ReadAsync(string registry, string repository, string tag, IReadOnlyList<string> platforms, (string Repository, string Tag)? baseImage)
    {
        var content = new RegistryContent(registry, repository);
        var found = await ReadPlatformsAsync(content, tag);
        Require(
            found.Select(image => image.Platform).Order(StringComparer.Ordinal).SequenceEqual(platforms.Order(StringComparer.Ordinal)),
            $"The index has {string.Join(", ", found.Select(image => image.Platform))} in place of {string.Join(", ", platforms)}.");
        var ofBase = baseImage is { } image
            ? (await ReadPlatformsAsync(new RegistryContent(registry, image.Repository), image.Tag)).SelectMany(base_ => base_.Layers).Select(layer => layer.Digest).ToHashSet()
            : [];
        var layers = new Dictionary<string, long>();
        foreach (var layer in found.SelectMany(platform => platform.Layers))
        {
            Require(await content.FindBlobSizeAsync(layer.Digest) == layer.Size, $"The layer {layer.Digest} is not there.");
            if (!ofBase.Contains(layer.Digest))
            {
                layers[layer.Digest] = layer.Size;
            }
        }

        Require(baseImage is null || layers.Count > 0, "The image has no layer of its own.");
        Require(baseImage is null || found.All(platform => ofBase.Contains(platform.Layers[0].Digest)), "The image does not stand on its base.");
        return new PushedImage(layers);
    }

    /// <summary>Reads every layer's content: that it is what the config says, and that an image's layers hold all files of its folder.</summary>
    /// <param name="files">How many files the image of each platform has beside its base's.</param>
    public async Task CheckContentAsync(string registry, string repository, string tag, IReadOnlyDictionary<string, int> files)
    {
        var content = new RegistryContent(registry, repository);
        foreach (var image in await ReadPlatformsAsync(content, tag))
        {
            var count = 0;
            foreach (var layer in image.Layers.Where(layer => Layers.ContainsKey(layer.Digest)))
            {
                using var tar = await DecompressAsync(content, layer);
                Require($"sha256:{Convert.ToHexStringLower(await SHA256.HashDataAsync(tar))}" == layer.DiffId, $"The layer {layer.Digest} is not what the config says.");
                tar.Position = 0;
                using var reader = new TarReader(tar);
                while (await reader.GetNextEntryAsync() is { } entry)
                {
                    count += entry.EntryType is TarEntryType.RegularFile or TarEntryType.V7RegularFile ? 1 : 0;
                }
            }

            Require(count == files[image.Platform], $"The image for {image.Platform} has {count} files in place of {files[image.Platform]}.");
        }
    }

    private static async Task<FileStream> DecompressAsync(RegistryContent content, PlatformLayer layer)
    {
        using var folder = new TempDirectory();
        var tar = new FileStream(folder["tar"], FileMode.CreateNew);
        await using var blob = await content.OpenBlobAsync(layer.Digest);
        if (layer.MediaType.EndsWith("zstd", StringComparison.Ordinal))
        {
            await using (var compressed = File.Create(folder["tar.zst"]))
            {
                await blob.CopyToAsync(compressed);
            }

            await tar.DisposeAsync();
            (await new ToolCommand("zstd", "-dqf", folder["tar.zst"], "-o", folder["tar"]).RunAsync()).ShouldSucceed();
            return File.OpenRead(folder["tar"]);
        }

        await using (var gzip = new GZipStream(blob, CompressionMode.Decompress))
        {
            await gzip.CopyToAsync(tar);
        }

        tar.Position = 0;
        return tar;
    }

    private static async Task<List<PlatformContent>> ReadPlatformsAsync(RegistryContent content, string tag)
    {
        var index = await content.ReadManifestAsync(tag);
        var images = new List<PlatformContent>();
        foreach (var entry in index["manifests"] as JsonArray ?? [new JsonObject { ["digest"] = tag }])
        {
            var manifest = await content.ReadManifestAsync((string)entry!["digest"]!);
            var config = await content.ReadConfigAsync((string)manifest["config"]!["digest"]!);
            var layers = manifest["layers"]!.AsArray();
            var diffIds = config["rootfs"]!["diff_ids"]!.AsArray();
            Require(layers.Count == diffIds.Count, "A manifest has more or fewer layers than its config.");
            images.Add(new PlatformContent(
                $"{config["os"]}/{config["architecture"]}",
                [.. layers.Zip(diffIds, (layer, diffId) => new PlatformLayer((string)layer!["digest"]!, (long)layer["size"]!, (string)layer["mediaType"]!, (string)diffId!))]));
        }

        return images;
    }

    private static void Require(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new InvalidOperationException(otherwise);
        }
    }

    private sealed record PlatformContent(string Platform, IReadOnlyList<PlatformLayer> Layers);

    private sealed record PlatformLayer(string Digest, long Size, string MediaType, string DiffId);
}
