using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using MultiArch.Oci;
using MultiArch.Oci.Formats;

namespace MultiArch.Testing;

/// <summary>An OCI layout as a stranger reads it: by the specification, and with none of the code that wrote it but the document types.</summary>
public sealed class OciLayout
{
    private readonly string _folder;

    private OciLayout(string folder, Digest indexDigest, IReadOnlyList<string> tags, IReadOnlyList<OciImage> images)
    {
        _folder = folder;
        IndexDigest = indexDigest;
        Tags = tags;
        Images = images;
    }

    public Digest IndexDigest { get; }

    public IReadOnlyList<string> Tags { get; }

    /// <summary>In the order of the index.</summary>
    public IReadOnlyList<OciImage> Images { get; }

    /// <summary>Reads a layout that holds one image index, under one tag or several, and fails the test where it breaks a rule.</summary>
    public static OciLayout Read(string folder)
    {
        Assert.AreEqual("""{"imageLayoutVersion":"1.0.0"}""", File.ReadAllText(Path.Combine(folder, "oci-layout")));
        var entries = ImageIndex.Parse(File.ReadAllBytes(Path.Combine(folder, "index.json"))).Manifests;
        var digest = entries.Select(entry => entry.Digest).Distinct().Single();
        var index = ImageIndex.Parse(ReadBlob(folder, entries[0]));
        var images = index.Manifests.Select(entry => ReadImage(folder, entry)).ToList();
        var layout = new OciLayout(folder, digest, [.. entries.Select(entry => entry.Annotations!["org.opencontainers.image.ref.name"])], images);
        layout.HoldsNothingElse();
        return layout;
    }

    public OciImage this[string platform] => Images.Single(image => image.Platform.ToString() == platform);

    private static OciImage ReadImage(string folder, Descriptor entry)
    {
        var manifest = ImageManifest.Parse(ReadBlob(folder, entry));
        var config = ImageConfig.Parse(ReadBlob(folder, manifest.Config));
        Assert.AreEqual(config.Platform, entry.Platform, "The index copies the platform of the config.");
        Assert.HasCount(manifest.Layers.Count, config.RootFS.DiffIds);
        var layers = manifest.Layers.Zip(config.RootFS.DiffIds, (layer, diffId) => ReadLayer(ReadBlob(folder, layer), diffId)).ToList();
        return new OciImage(entry.Platform!, entry, manifest, config, layers);
    }

    private static List<TarEntry> ReadLayer(byte[] blob, Digest diffId)
    {
        using var tar = new MemoryStream();
        using (var gzip = new GZipStream(new MemoryStream(blob), CompressionMode.Decompress))
        {
            gzip.CopyTo(tar);
        }

        Assert.AreEqual(diffId, Digest.FromHash(SHA256.HashData(tar.ToArray())), "The diffID is the digest of the uncompressed layer.");
        tar.Position = 0;
        using var reader = new TarReader(tar);
        var entries = new List<TarEntry>();
        while (reader.GetNextEntry(copyData: true) is { } entry)
        {
            entries.Add(entry);
        }

        return entries;
    }

    private static byte[] ReadBlob(string folder, Descriptor descriptor)
    {
        var bytes = File.ReadAllBytes(Path.Combine(folder, "blobs", "sha256", descriptor.Digest.Hex));
        Assert.AreEqual(descriptor.Digest, Digest.Of(bytes));
        Assert.AreEqual(descriptor.Size, bytes.LongLength);
        return bytes;
    }

    private void HoldsNothingElse()
    {
        var reachable = Images
            .SelectMany(image => image.Manifest.Layers.Append(image.Manifest.Config).Append(image.Descriptor))
            .Select(descriptor => descriptor.Digest.Hex)
            .Append(IndexDigest.Hex)
            .ToHashSet();
        var stored = Directory.EnumerateFiles(Path.Combine(_folder, "blobs"), "*", SearchOption.AllDirectories).Select(Path.GetFileName);
        Assert.AreEqual("", string.Join(' ', stored.Where(name => !reachable.Contains(name!))), "Blobs that nothing names.");
    }
}

/// <summary>One platform of an <see cref="OciLayout"/>.</summary>
/// <param name="Layers">The entries of each layer's tar, in order.</param>
public sealed record OciImage(Platform Platform, Descriptor Descriptor, ImageManifest Manifest, ImageConfig Config, IReadOnlyList<IReadOnlyList<TarEntry>> Layers)
{
    public IEnumerable<TarEntry> Entries => Layers.SelectMany(layer => layer);

    public IReadOnlyDictionary<string, string> Labels => Config.Config!.Labels!;

    public IReadOnlyList<string> Environment => Config.Config!.Env!;

    /// <summary>The bytes of a file.</summary>
    public byte[] Read(string path) => Read(Entries.Single(entry => entry.Name == path));

    /// <summary>The bytes of an entry, however often and by however many tests at once: the stream's position is theirs together, and does not count.</summary>
    internal static byte[] Read(TarEntry entry) => entry.DataStream is null ? [] : ((MemoryStream)entry.DataStream).ToArray();
}
