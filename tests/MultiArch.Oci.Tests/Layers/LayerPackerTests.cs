using System.IO.Compression;
using MultiArch.Oci.Layers;
using MultiArch.Testing;

namespace MultiArch.Oci.Tests.Layers;

[TestClass]
public sealed class LayerPackerTests : IDisposable
{
    private readonly PackingPool _pool = new(workers: 2);

    public required TestContext TestContext { get; init; }

    public void Dispose() => _pool.Dispose();

    [TestMethod]
    public async Task A_layer_is_what_its_descriptor_and_diffID_say()
    {
        using var folder = new TempDirectory();
        var recipe = await LayerRecipe.ReadAsync(FixedPlan.In(folder), TestContext.CancellationToken);

        var layer = await LayerPacker.PackAsync(recipe, LayerCompression.Default, folder["out/layers"], _pool, TestContext.CancellationToken);

        var bytes = await File.ReadAllBytesAsync(layer.File!, TestContext.CancellationToken);
        var tar = await Tar.Of(recipe);
        Assert.AreEqual(MediaTypes.OciLayerGzip, layer.Descriptor.MediaType);
        Assert.AreEqual(Digest.Of(bytes), layer.Descriptor.Digest);
        Assert.AreEqual(bytes.Length, layer.Descriptor.Size);
        Assert.AreEqual(Digest.Of(tar), layer.DiffId);
        Assert.AreEqual(tar.Length, layer.UncompressedSize);
        Assert.AreEqual("app", layer.Title);
        CollectionAssert.AreEqual(new[] { layer.File }, Directory.GetFileSystemEntries(folder["out/layers"]));
        Assert.AreEqual(folder[$"out/layers/{layer.Descriptor.Digest.Hex}"], layer.File);
    }

    [TestMethod]
    public async Task Twenty_megabytes_pack_alike_with_1_2_and_8_workers()
    {
        using var folder = new TempDirectory();
        var content = new byte[20_000_000];
        new Random(7).NextBytes(content.AsSpan(0, 8_000_000));
        await File.WriteAllBytesAsync(folder["big.bin"], content, TestContext.CancellationToken);
        var recipe = await LayerRecipe.ReadAsync(new LayerPlan("big", [new("app/big.bin", folder["big.bin"])]), TestContext.CancellationToken);

        var layers = new List<Layer>();
        foreach (var workers in new[] { 1, 2, 8 })
        {
            using var pool = new PackingPool(workers);
            layers.Add(await LayerPacker.PackAsync(recipe, LayerCompression.Default, folder[$"out{workers}"], pool, TestContext.CancellationToken));
        }

        Assert.AreEqual(layers[0].Descriptor.Digest, layers[1].Descriptor.Digest);
        Assert.AreEqual(layers[0].Descriptor.Digest, layers[2].Descriptor.Digest);
        await using var gzip = new GZipStream(File.OpenRead(layers[2].File!), CompressionMode.Decompress);
        using var tar = new MemoryStream();
        await gzip.CopyToAsync(tar, TestContext.CancellationToken);
        Assert.AreEqual(layers[2].DiffId, Digest.Of(tar.ToArray()));
    }

    [TestMethod]
    public async Task Packing_over_an_earlier_copy_replaces_it()
    {
        using var folder = new TempDirectory();
        var recipe = await LayerRecipe.ReadAsync(FixedPlan.In(folder), TestContext.CancellationToken);
        var first = await LayerPacker.PackAsync(recipe, LayerCompression.Default, folder["out"], _pool, TestContext.CancellationToken);
        await File.WriteAllTextAsync(first.File!, "spoilt", TestContext.CancellationToken);

        var second = await LayerPacker.PackAsync(recipe, LayerCompression.Default, folder["out"], _pool, TestContext.CancellationToken);

        Assert.AreEqual(second.Descriptor.Digest, Digest.Of(await File.ReadAllBytesAsync(first.File!, TestContext.CancellationToken)));
    }

    [TestMethod]
    public async Task A_full_disk_names_the_folder_and_leaves_nothing()
    {
        Tool.Require("mount", "umount");
        using var folder = new TempDirectory();
        var disk = folder["disk"];
        Directory.CreateDirectory(disk);
        if (Shell.Run("mount", ["-t", "tmpfs", "-o", "size=1m", "multiarch-test", disk]).ExitCode != 0)
        {
            Assert.Inconclusive("This user may not mount a tmpfs.");
        }

        try
        {
            var noise = new byte[6 * 1024 * 1024];
            new Random(1).NextBytes(noise);
            await File.WriteAllBytesAsync(folder["noise"], noise, TestContext.CancellationToken);
            var recipe = await LayerRecipe.ReadAsync(new LayerPlan("app", [new("noise", folder["noise"])]), TestContext.CancellationToken);

            var error = await Assert.ThrowsExactlyAsync<MultiArchException>(
                () => LayerPacker.PackAsync(recipe, LayerCompression.Default, disk, _pool, TestContext.CancellationToken));

            Assert.AreEqual(DiagnosticCodes.CannotWrite, error.Code);
            Assert.Contains(disk, error.Message);
            Assert.DoesNotContain("\n", error.Message);
            Assert.IsEmpty(Directory.GetFileSystemEntries(disk));
        }
        finally
        {
            Shell.Text("umount", [disk]);
        }
    }

    [TestMethod]
    public async Task A_folder_that_cannot_be_made_is_named()
    {
        using var folder = new TempDirectory();
        folder.Write("file", "in the way");
        var recipe = await LayerRecipe.ReadAsync(new LayerPlan("app", []), TestContext.CancellationToken);

        var error = await Assert.ThrowsExactlyAsync<MultiArchException>(
            () => LayerPacker.PackAsync(recipe, LayerCompression.Default, folder["file/out"], _pool, TestContext.CancellationToken));

        Assert.AreEqual(DiagnosticCodes.CannotWrite, error.Code);
        Assert.Contains(folder["file/out"], error.Message);
    }

    [TestMethod]
    public async Task A_cancelled_packing_leaves_nothing()
    {
        using var folder = new TempDirectory();
        await File.WriteAllBytesAsync(folder["big"], new byte[50_000_000], TestContext.CancellationToken);
        var recipe = await LayerRecipe.ReadAsync(new LayerPlan("app", [new("big", folder["big"])]), TestContext.CancellationToken);
        using var cancellation = new CancellationTokenSource();

        var packing = LayerPacker.PackAsync(recipe, LayerCompression.Default, folder["out"], _pool, cancellation.Token);
        await cancellation.CancelAsync();

        await Assert.ThrowsAsync<OperationCanceledException>(() => packing);
        Assert.IsEmpty(Directory.GetFileSystemEntries(folder["out"]));
    }
}
