using MultiArch.Oci.Formats;
using MultiArch.Oci.Images;
using MultiArch.Oci.Layers;
using MultiArch.Oci.Publishing;
using MultiArch.Oci.Storage;
using MultiArch.Oci.Tests.Storage;

namespace MultiArch.Oci.Tests.Publishing;

/// <summary>On a machine that remembers nothing, layers are found in images that are there already, and no word of a stranger is taken for it.</summary>
[TestClass]
public sealed class CachedLayersTests
{
    private static readonly ImageReference App = ImageReference.Parse("r.io/app");
    private static readonly ImageReference Cache = ImageReference.Parse("r.io/cache:main");

    public required TestContext TestContext { get; init; }

    private CancellationToken Token => TestContext.CancellationToken;

    [TestMethod]
    public async Task What_the_tag_names_now_is_neither_packed_nor_sent_again()
    {
        using var publication = new Publication();
        var destination = new RecordingStore { Repository = App };
        var first = await publication.PublishAsync(destination, [publication.Plan("linux-x64", layers: ["a", "b"]), publication.Plan("linux-arm64", layers: ["a", "c"])], Token);
        publication.Events.Clear();

        var second = await publication.PublishAsync(destination, [publication.Plan("linux-x64", layers: ["a", "b"]), publication.Plan("linux-arm64", layers: ["a", "changed"])], Token);

        var packed = publication.Events.OfType<PublishEvent.LayerPacked>().Single();
        CollectionAssert.AreEqual(new[] { "linux-arm64" }, packed.RuntimeIdentifiers.ToArray());
        Assert.AreEqual(packed.Layer.Descriptor, second.Images[1].Layers[^1].Descriptor);
        Assert.AreEqual(first.Images[0].Manifest.Digest, second.Images[0].Manifest.Digest);
        Assert.HasCount(2, publication.Events.OfType<PublishEvent.LayerHeld>());
        Assert.HasCount(1, second.Images.SelectMany(image => image.Layers).Where(layer => layer.Write is not BlobWrite.Reused));
    }

    [TestMethod]
    public async Task What_was_found_is_remembered()
    {
        using var publication = Remembering();
        var destination = new RecordingStore { Repository = App };
        ImagePlan[] plans = [publication.Plan("linux-x64", layers: ["a"]), publication.Plan("linux-arm64", layers: ["a"])];
        var first = await publication.PublishAsync(destination, plans, Token);
        Directory.Delete(publication.Folder["cache"], recursive: true);
        await publication.PublishAsync(destination, plans, Token);
        var finds = destination.Reads.Count(read => read.StartsWith("find ", StringComparison.Ordinal));

        var third = await publication.PublishAsync(destination, plans, Token);

        Assert.AreEqual(first.Target.Digest, third.Target.Digest);
        Assert.AreEqual(finds, destination.Reads.Count(read => read.StartsWith("find ", StringComparison.Ordinal)), "The image is not read again.");
        Assert.HasCount(1, publication.Events.OfType<PublishEvent.LayerPacked>());
    }

    [TestMethod]
    public async Task A_layout_is_its_own_cache()
    {
        using var publication = new Publication();
        ImagePlan[] plans = [publication.Plan("linux-x64", "scratch", "a", "b")];
        using var layout = ImageLayout.Create(publication.Folder["image"]);
        var first = await publication.PublishAsync(layout, plans, Token);
        publication.Events.Clear();

        var second = await publication.PublishAsync(layout, plans, Token);

        Assert.AreEqual(first.Target.Digest, second.Target.Digest);
        Assert.IsEmpty(publication.Events.OfType<PublishEvent.LayerPacked>());
    }

    [TestMethod]
    public async Task A_layer_that_the_tag_names_and_the_destination_lost_is_packed()
    {
        using var publication = new Publication();
        var destination = new RecordingStore { Repository = App };
        ImagePlan[] plans = [publication.Plan("linux-x64", layers: ["a"])];
        var layer = (await publication.PublishAsync(destination, plans, Token)).Images[0].Layers[^1].Descriptor.Digest;
        destination.Lose(layer);
        publication.Events.Clear();

        await publication.PublishAsync(destination, plans, Token);

        Assert.HasCount(1, publication.Events.OfType<PublishEvent.LayerPacked>());
        Assert.AreEqual(2, destination.Writes.Count(write => write == $"blob {layer}"));
    }

    [TestMethod]
    [DataRow("not json", MediaTypes.OciIndex)]
    [DataRow("""{"schemaVersion":2,"manifests":[{"mediaType":"application/vnd.oci.image.manifest.v1+json","size":1,"digest":"sha256:0000000000000000000000000000000000000000000000000000000000000000","platform":{"os":"linux","architecture":"amd64"}}]}""", MediaTypes.OciIndex)]
    [DataRow("""{"schemaVersion":2,"config":{"mediaType":"application/vnd.oci.image.config.v1+json","size":1,"digest":"sha256:0000000000000000000000000000000000000000000000000000000000000000"},"layers":[]}""", MediaTypes.OciManifest)]
    public async Task Whatever_the_tag_names_it_is_replaced(string document, string mediaType)
    {
        using var publication = new Publication();
        var destination = new RecordingStore { Repository = App };
        await destination.TagAsync(new Document(mediaType, System.Text.Encoding.UTF8.GetBytes(document)), ["2.0"], Token);

        var report = await publication.PublishAsync(destination, [publication.Plan("linux-x64", layers: ["a"])], Token);

        Assert.AreEqual(report.Target.Digest, (await destination.FindManifestAsync("2.0", Token))!.Digest);
        Assert.HasCount(1, publication.Events.OfType<PublishEvent.LayerPacked>());
        Assert.IsEmpty(publication.Events.OfType<PublishEvent.CacheUnreadable>());
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public async Task A_layer_of_a_named_image_is_mounted_from_there_and_read_first_unless_a_digest_names_the_image(bool isPinned)
    {
        using var publication = new Publication();
        var (cache, made) = await CacheAsync(publication, "a", "b");
        CacheFrom(publication, isPinned ? Cache with { Tag = null, Digest = made.Target.Digest } : Cache);
        var destination = new RecordingStore { Repository = App };
        var opened = cache.Reads.Count(read => read.StartsWith("open ", StringComparison.Ordinal));

        var report = await publication.PublishAsync(destination, [publication.Plan("linux-x64", layers: ["a", "changed"])], Token);

        var layer = made.Images[0].Layers[^2].Descriptor;
        Assert.AreEqual("layer 1", publication.Events.OfType<PublishEvent.LayerPacked>().Single().Layer.Title);
        Assert.AreEqual(layer, publication.Events.OfType<PublishEvent.LayerTaken>().Single().Layer.Descriptor);
        Assert.AreEqual(layer, report.Images[0].Layers[^2].Descriptor);
        Assert.AreEqual(Cache with { Tag = null }, destination.MountFrom[layer.Digest]);
        // The stand-in cannot mount, so it reads the blob; before that it is read to be checked. The config is read either way.
        Assert.AreEqual(isPinned ? 2 : 3, cache.Reads.Count(read => read.StartsWith("open ", StringComparison.Ordinal)) - opened);
    }

    [TestMethod]
    public async Task Blobs_of_the_base_are_mounted_from_where_a_named_image_has_them()
    {
        using var publication = new Publication { Base = new() { Repository = ImageReference.Parse("elsewhere.io/base") } };
        await CacheAsync(publication, "a");
        CacheFrom(publication, Cache);
        var destination = new RecordingStore { Repository = App };

        await publication.PublishAsync(destination, [publication.Plan("linux-x64", layers: ["other"])], Token);

        Assert.AreEqual(Cache with { Tag = null }, destination.MountFrom[StoredImage.Blob("base amd64").Digest]);
    }

    [TestMethod]
    public async Task A_named_image_that_lies_is_refused_and_told()
    {
        using var publication = new Publication();
        var (cache, made) = await CacheAsync(publication, "a");
        var lie = await LieAsync(cache, made, "something else");
        CacheFrom(publication, Cache);
        var destination = new RecordingStore { Repository = App };

        var report = await publication.PublishAsync(destination, [publication.Plan("linux-x64", layers: ["a"])], Token);

        Assert.AreEqual(made.Images[0].Manifest.Digest, report.Images[0].Manifest.Digest, "As if there were no cache.");
        Assert.DoesNotContain($"blob {lie.Digest}", destination.Writes);
        var told = publication.Events.OfType<PublishEvent.CacheLies>().Single();
        Assert.AreEqual((Cache.ToString(), lie.Digest, made.Images[0].Layers[^1].DiffId), (told.Reference, told.Blob, told.DiffId));
    }

    [TestMethod]
    [DataRow("no gzip")]
    [DataRow("more")]
    [DataRow("less")]
    [DataRow("cut")]
    [DataRow("no trailer")]
    [DataRow("trailing")]
    [DataRow("another member")]
    [DataRow("padded")]
    public async Task Bytes_that_are_no_such_tar_are_refused(string kind)
    {
        using var publication = new Publication();
        var (cache, made) = await CacheAsync(publication, "a");
        var whole = await ReadAsync(cache, made.Images[0].Layers[^1].Descriptor);
        var tar = Gunzip(whole);
        await LieAsync(cache, made, kind switch
        {
            "no gzip" => tar,
            "more" => Gzip([.. tar, 0]),
            "cut" => whole[..^9],
            "no trailer" => whole[..^8],
            "trailing" => [.. whole, 0],
            "another member" => [.. whole, .. EmptyMember],
            "padded" => [.. whole, .. new byte[100_000]],
            _ => Gzip(tar[..^1]),
        });
        CacheFrom(publication, Cache);

        var report = await publication.PublishAsync(new RecordingStore { Repository = App }, [publication.Plan("linux-x64", layers: ["a"])], Token);

        Assert.AreEqual(made.Images[0].Manifest.Digest, report.Images[0].Manifest.Digest);
        Assert.HasCount(1, publication.Events.OfType<PublishEvent.CacheLies>());
    }

    [TestMethod]
    public async Task A_blob_that_is_not_its_digests_is_refused_and_told()
    {
        using var publication = new Publication();
        var (cache, made) = await CacheAsync(publication, "a");
        var layer = made.Images[0].Layers[^1].Descriptor;
        var content = await ReadAsync(cache, layer);
        cache.Spoil(layer.Digest, [.. content[..^1], (byte)~content[^1]]);
        CacheFrom(publication, Cache);

        var report = await publication.PublishAsync(new RecordingStore { Repository = App }, [publication.Plan("linux-x64", layers: ["a"])], Token);

        Assert.AreEqual(made.Images[0].Manifest.Digest, report.Images[0].Manifest.Digest);
        Assert.HasCount(1, publication.Events.OfType<PublishEvent.LayerPacked>());
        Assert.HasCount(1, publication.Events.Where(told => told is PublishEvent.CacheLies or PublishEvent.CacheUnreadable).ToList());
    }

    [TestMethod]
    public async Task A_named_image_that_has_lost_the_blob_is_told_and_the_same_blob_is_packed()
    {
        using var publication = new Publication();
        var (cache, made) = await CacheAsync(publication, "a");
        var layer = made.Images[0].Layers[^1].Descriptor;
        cache.Lose(layer.Digest);
        CacheFrom(publication, Cache with { Tag = null, Digest = made.Target.Digest });
        var destination = new RecordingStore { Repository = App };

        var report = await publication.PublishAsync(destination, [publication.Plan("linux-x64", layers: ["a"])], Token);

        Assert.AreEqual(layer, report.Images[0].Layers[^1].Descriptor);
        Assert.AreEqual(BlobWrite.Uploaded, report.Images[0].Layers[^1].Write);
        Assert.Contains($"blob {layer.Digest}", destination.Writes);
        Assert.HasCount(1, publication.Events.OfType<PublishEvent.CacheUnreadable>());
    }

    [TestMethod]
    public async Task A_layer_that_is_compressed_in_another_way_than_asked_for_is_packed()
    {
        using var publication = new Publication();
        var (cache, made) = await CacheAsync(publication, "a");
        await RewriteAsync(cache, made, layer => layer with { MediaType = MediaTypes.OciLayerZstd });
        CacheFrom(publication, Cache);

        var report = await publication.PublishAsync(new RecordingStore { Repository = App }, [publication.Plan("linux-x64", layers: ["a"])], Token);

        Assert.HasCount(1, publication.Events.OfType<PublishEvent.LayerPacked>());
        Assert.AreEqual(MediaTypes.OciLayerGzip, report.Images[0].Layers[^1].Descriptor.MediaType);
    }

    [TestMethod]
    [DataRow(1_000)]
    [DataRow(5_000_000)]
    public async Task A_layer_of_zstd_is_read_and_taken_too(int size)
    {
        using var publication = WithZstd();
        var content = Text(size);
        var (_, made) = await CacheAsync(publication, content);
        Assert.AreEqual(MediaTypes.OciLayerZstd, made.Images[0].Layers[^1].Descriptor.MediaType);
        CacheFrom(publication, Cache);

        await publication.PublishAsync(new RecordingStore { Repository = App }, [publication.Plan("linux-x64", layers: [content])], Token);

        Assert.AreEqual(made.Images[0].Layers[^1].Descriptor, publication.Events.OfType<PublishEvent.LayerTaken>().Single().Layer.Descriptor);
    }

    [TestMethod]
    [DataRow("none")]
    [DataRow("another")]
    [DataRow("cut")]
    [DataRow("trailing")]
    public async Task Bytes_that_are_no_zstd_or_another_tar_are_refused(string kind)
    {
        using var publication = WithZstd();
        var (cache, made) = await CacheAsync(publication, "a");
        var (strange, strangeMade) = await CacheAsync(publication, "b");
        var whole = await ReadAsync(cache, made.Images[0].Layers[^1].Descriptor);
        var other = kind switch
        {
            "another" => await ReadAsync(strange, strangeMade.Images[0].Layers[^1].Descriptor),
            "cut" => whole[..^3],
            "trailing" => [.. whole, 1, 2, 3, 4, 5],
            _ => "no zstd at all"u8.ToArray(),
        };
        var blob = new Descriptor(MediaTypes.OciLayerZstd, Digest.Of(other), other.Length);
        await cache.WriteBlobAsync(blob, BlobSource.FromBytes(other), Token);
        await RewriteAsync(cache, made, _ => blob);
        publication.Caches[Cache.Name] = cache;
        CacheFrom(publication, Cache);

        var report = await publication.PublishAsync(new RecordingStore { Repository = App }, [publication.Plan("linux-x64", layers: ["a"])], Token);

        Assert.AreEqual(made.Images[0].Manifest.Digest, report.Images[0].Manifest.Digest);
        Assert.HasCount(1, publication.Events.OfType<PublishEvent.CacheLies>());
    }

    [TestMethod]
    public async Task The_word_of_one_repository_does_not_count_in_another()
    {
        using var publication = Remembering();
        var asking = publication.Asking;
        publication.Asking = request => asking(request) with { Tags = [Cache.Tag!] };
        var plan = publication.Plan("linux-x64", layers: ["a"]);
        var development = new RecordingStore { Repository = App };
        var made = await publication.PublishAsync(development, [plan], Token);
        Directory.Delete(publication.Folder["cache"], recursive: true);
        var lie = await LieAsync(development, made, "something else");
        var believed = await publication.PublishAsync(development, [plan], Token);
        Assert.AreEqual(lie.Digest, believed.Images[0].Layers[^1].Descriptor.Digest, "Whoever writes there can put anything there.");
        var production = new RecordingStore { Repository = ImageReference.Parse("r.io/production") with { Tag = null } };
        await production.WriteBlobAsync(lie, BlobSource.FromBytes(await ReadAsync(development, lie)), Token);

        var report = await publication.PublishAsync(production, [plan], Token);

        Assert.AreEqual(made.Images[0].Manifest.Digest, report.Images[0].Manifest.Digest);
    }

    [TestMethod]
    public async Task A_destination_that_does_not_take_a_cached_layer_is_not_told_as_the_caches_failure()
    {
        using var publication = new Publication();
        var (_, made) = await CacheAsync(publication, "a");
        CacheFrom(publication, Cache);
        var destination = new RecordingStore
        {
            Repository = App,
            BeforeWrite = write =>
            {
                if (write == $"blob {made.Images[0].Layers[^1].Descriptor.Digest}")
                {
                    throw new MultiArchException(DiagnosticCodes.RegistryDenied, "No.");
                }
            },
        };

        await Assert.ThrowsExactlyAsync<MultiArchException>(() => publication.PublishAsync(destination, [publication.Plan("linux-x64", layers: ["a"])], Token));

        Assert.IsEmpty(publication.Events.OfType<PublishEvent.CacheUnreadable>());
        Assert.IsEmpty(publication.Events.OfType<PublishEvent.LayerPacked>());
    }

    [TestMethod]
    public async Task A_named_image_that_cannot_be_reached_or_does_not_exist_is_told_and_stops_nothing()
    {
        using var publication = new Publication();
        publication.Caches["r.io/empty"] = new RecordingStore();
        CacheFrom(publication, Cache, ImageReference.Parse("r.io/empty:main"));

        var report = await publication.PublishAsync(new RecordingStore { Repository = App }, [publication.Plan("linux-x64", layers: ["a"])], Token);

        Assert.HasCount(1, report.Images);
        Assert.AreEqual(Cache.ToString(), publication.Events.OfType<PublishEvent.CacheUnreadable>().Single().Reference);
        Assert.AreEqual("r.io/empty:main", publication.Events.OfType<PublishEvent.CacheMissing>().Single().Reference.ToString());
    }

    [TestMethod]
    public async Task A_named_image_is_not_read_where_all_layers_are_known_and_held()
    {
        using var publication = Remembering();
        var destination = new RecordingStore { Repository = App };
        var plan = publication.Plan("linux-x64", layers: ["a"]);
        await publication.PublishAsync(destination, [plan], Token);
        CacheFrom(publication, Cache);
        var labelled = plan with { Settings = plan.Settings with { Labels = new Dictionary<string, string> { ["team"] = "blue" } } };

        await publication.PublishAsync(destination, [labelled], Token);

        Assert.IsEmpty(publication.Events.OfType<PublishEvent.CacheUnreadable>(), "It could not be reached, and nobody asked.");
    }

    /// <summary>GZipStream writes nothing at all of nothing.</summary>
    private static byte[] EmptyMember => Convert.FromHexString("1F8B0800000000000003" + "0300" + "0000000000000000");

    private static Publication Remembering()
    {
        var publication = new Publication();
        publication.Asking = request => request with { CacheFolder = publication.Folder["cache"] };
        return publication;
    }

    private static Publication WithZstd()
    {
        var publication = new Publication();
        publication.Asking = request => request with { Compression = LayerCompression.Zstd() };
        return publication;
    }

    /// <summary>Letters that compress badly, the same at each call.</summary>
    private static string Text(int size) => string.Create(size, new Random(size), (letters, random) =>
    {
        for (var i = 0; i < letters.Length; i++)
        {
            letters[i] = (char)('!' + random.Next(90));
        }
    });

    private static void CacheFrom(Publication publication, params ImageReference[] references)
    {
        var asking = publication.Asking;
        publication.Asking = request => asking(request) with { CacheFrom = references };
    }

    /// <summary>An amd64 image of these layers in another repository, tagged as <see cref="Cache"/> says.</summary>
    private async Task<(RecordingStore Store, PublishReport Made)> CacheAsync(Publication publication, params string[] layers)
    {
        var store = new RecordingStore { Repository = Cache with { Tag = null } };
        var made = await publication.PublishAsync(store, [publication.Plan("linux-x64", layers: layers)], Token);
        await store.TagAsync(made.Target, [Cache.Tag!], Token);
        publication.Caches[Cache.Name] = store;
        publication.Events.Clear();
        return (store, made);
    }

    private Task<Descriptor> LieAsync(RecordingStore cache, PublishReport made, string content) => LieAsync(cache, made, Gzip(System.Text.Encoding.UTF8.GetBytes(content)));

    /// <summary>Lets the image say of its last layer that it is this content.</summary>
    private async Task<Descriptor> LieAsync(RecordingStore cache, PublishReport made, byte[] content)
    {
        var blob = new Descriptor(MediaTypes.OciLayerGzip, Digest.Of(content), content.Length);
        await cache.WriteBlobAsync(blob, BlobSource.FromBytes(content), Token);
        await RewriteAsync(cache, made, _ => blob);
        return blob;
    }

    private async Task RewriteAsync(RecordingStore cache, PublishReport made, Func<Descriptor, Descriptor> last)
    {
        var manifest = ImageManifest.Parse(made.Images[0].Manifest.Bytes.Span);
        var rewritten = (manifest with { Layers = [.. manifest.Layers.SkipLast(1), last(manifest.Layers[^1])] }).ToDocument();
        await cache.WriteManifestAsync(rewritten, Token);
        var index = new ImageIndex(MediaTypes.OciIndex, [rewritten.Describe() with { Platform = Platform.LinuxAmd64 }]).ToDocument();
        await cache.TagAsync(index, [Cache.Tag!], Token);
    }

    private async Task<byte[]> ReadAsync(RecordingStore store, Descriptor blob)
    {
        await using var stream = await store.OpenBlobAsync(blob, Token);
        using var bytes = new MemoryStream();
        await stream.CopyToAsync(bytes, Token);
        return bytes.ToArray();
    }

    private static byte[] Gzip(byte[] content)
    {
        using var bytes = new MemoryStream();
        using (var gzip = new System.IO.Compression.GZipStream(bytes, System.IO.Compression.CompressionLevel.Fastest))
        {
            gzip.Write(content);
        }

        return bytes.ToArray();
    }

    private static byte[] Gunzip(byte[] content)
    {
        using var gzip = new System.IO.Compression.GZipStream(new MemoryStream(content), System.IO.Compression.CompressionMode.Decompress);
        using var bytes = new MemoryStream();
        gzip.CopyTo(bytes);
        return bytes.ToArray();
    }
}
