using System.Formats.Tar;
using System.IO.Compression;
using MultiArch.Oci.Formats;
using MultiArch.Oci.Storage;
using MultiArch.Oci.Tests.Inspection;
using MultiArch.Oci.Tests.Publishing;
using MultiArch.Oci.Audit;

namespace MultiArch.Oci.Tests.Audit;

/// <summary>Makes images as anybody could have made them, true or not.</summary>
internal sealed class ImageIndexBuilder
{
    private readonly List<Descriptor> _entries = [];

    public RecordingStore Store { get; } = new();

    /// <summary>OCI, or what Docker called so before.</summary>
    public bool IsDocker { get; init; }

    /// <summary>A program as the compilers of the platform make it, without a loader.</summary>
    public static byte[] Program(string platform) => (SyntheticPlatform.Elf[platform] with { Type = 2 }).ToBytes();

    /// <summary>A tar of files, of which scripts can be executed, folders (<c>name/</c>), links (<c>name -> target</c>) and hard links (<c>name => target</c>).</summary>
    public static byte[] Tar(params IEnumerable<(string Name, byte[] Content)> files)
    {
        using var bytes = new MemoryStream();
        using (var tar = new TarWriter(bytes, TarEntryFormat.Pax, leaveOpen: true))
        {
            foreach (var (name, content) in files)
            {
                tar.WriteEntry(EntryOf(name, content));
            }
        }

        return bytes.ToArray();
    }

    /// <param name="index">What the index claims; null leaves the platform out.</param>
    /// <param name="config">What the config claims; null for the same.</param>
    public Task<Descriptor> AddAsync(string? index, string? config = null, IReadOnlyList<string>? command = null, params (string Name, byte[] Content)[] files) =>
        AddLayersAsync(index, config, command, [Tar(files)]);

    public async Task<Descriptor> AddLayersAsync(string? index, string? config, IReadOnlyList<string>? command, IReadOnlyList<byte[]> tars, Digest? diffId = null)
    {
        var layers = new List<Descriptor>();
        foreach (var tar in tars)
        {
            layers.Add(await PutAsync(IsDocker ? MediaTypes.DockerLayerGzip : MediaTypes.OciLayerGzip, Gzip(tar)));
        }

        var platform = Platform.Parse(config ?? index!);
        var document = ImageConfig.Empty(platform) with
        {
            Config = new ContainerConfig(Entrypoint: command),
            RootFS = new RootFileSystem([.. tars.Select(tar => diffId ?? Digest.Of(tar))]),
        };
        return await AddManifestAsync(index, document.ToDocument(Format), layers);
    }

    /// <summary>What BuildKit puts beside an image.</summary>
    public async Task AddAttestationAsync()
    {
        var layer = await PutAsync("application/vnd.in-toto+json", "{}"u8.ToArray());
        var entry = await AddManifestAsync("unknown/unknown", ImageConfig.Empty(new Platform("unknown", "unknown")).ToDocument(Format), [layer]);
        _entries[^1] = entry with { Annotations = new Dictionary<string, string> { ["vnd.docker.reference.type"] = "attestation-manifest" } };
    }

    /// <summary>Adds an entry as it is.</summary>
    public void Add(Descriptor entry) => _entries.Add(entry);

    public async Task<ImageVerification> VerifyAsync(params string[] required)
    {
        await TagIndexAsync(Store);
        return await VerifyAsync(Store, required);
    }

    public Task<ImageVerification> VerifyAsync(IImageStore store, params string[] required) =>
        new ImageVerifier(store).VerifyAsync(new ImageLocation.Registry(ImageReference.Parse("r.io/app:1")), [.. required.Select(Platform.Parse)], CancellationToken.None);

    /// <summary>Tags the index <c>1</c>.</summary>
    public async Task<Document> TagIndexAsync(IImageStore store)
    {
        var index = new ImageIndex(IsDocker ? MediaTypes.DockerIndex : MediaTypes.OciIndex, _entries).ToDocument();
        await store.WriteManifestAsync(index, CancellationToken.None);
        await store.TagAsync(index, ["1"], CancellationToken.None);
        return index;
    }

    /// <summary>Tags one image <c>1</c>, as an image of one platform is.</summary>
    public async Task TagAsync(Descriptor image) =>
        await Store.TagAsync((await Store.FindManifestAsync(image.Digest.ToString(), CancellationToken.None))!, ["1"], CancellationToken.None);

    /// <summary>Writes all into another store.</summary>
    public async Task CopyToAsync(IImageStore store)
    {
        foreach (var entry in _entries)
        {
            var document = (await Store.FindManifestAsync(entry.Digest.ToString(), CancellationToken.None))!;
            var manifest = ImageManifest.Parse(document.Bytes.Span);
            foreach (var blob in manifest.Layers.Append(manifest.Config).DistinctBy(blob => blob.Digest))
            {
                await using var content = await Store.OpenBlobAsync(blob, CancellationToken.None);
                var bytes = new byte[blob.Size];
                await content.ReadExactlyAsync(bytes);
                await store.WriteBlobAsync(blob, BlobSource.FromBytes(bytes), CancellationToken.None);
            }

            await store.WriteManifestAsync(document, CancellationToken.None);
        }

        await TagIndexAsync(store);
    }

    public async Task<Descriptor> PutAsync(string mediaType, byte[] bytes)
    {
        var blob = new Descriptor(mediaType, Digest.Of(bytes), bytes.Length);
        await Store.WriteBlobAsync(blob, BlobSource.FromBytes(bytes), CancellationToken.None);
        return blob;
    }

    public async Task<Descriptor> AddManifestAsync(string? index, Document config, IReadOnlyList<Descriptor> layers)
    {
        var manifest = new ImageManifest(IsDocker ? MediaTypes.DockerManifest : MediaTypes.OciManifest, await PutAsync(config.MediaType, config.Bytes.ToArray()), layers).ToDocument();
        await Store.WriteManifestAsync(manifest, CancellationToken.None);
        var entry = manifest.Describe() with { Platform = index is null ? null : Platform.Parse(index) };
        _entries.Add(entry);
        return entry;
    }

    public static byte[] Gzip(byte[] bytes)
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest))
        {
            gzip.Write(bytes);
        }

        return compressed.ToArray();
    }

    private ImageFormat Format => IsDocker ? ImageFormat.Docker : ImageFormat.Oci;

    private static PaxTarEntry EntryOf(string name, byte[] content)
    {
        if (name.Split(" -> ") is [var link, var target])
        {
            return new PaxTarEntry(TarEntryType.SymbolicLink, link) { LinkName = target };
        }

        if (name.Split(" => ") is [var hardLink, var file])
        {
            return new PaxTarEntry(TarEntryType.HardLink, hardLink) { LinkName = file };
        }

        return name.EndsWith('/')
            ? new PaxTarEntry(TarEntryType.Directory, name)
            : new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(content), Mode = (UnixFileMode)(content.AsSpan().StartsWith("#!"u8) ? 0b111_101_101 : 0b110_100_100) };
    }
}
