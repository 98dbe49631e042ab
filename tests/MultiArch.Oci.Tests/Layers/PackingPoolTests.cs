using System.Runtime.Loader;
using MultiArch.Oci.Layers;
using MultiArch.Oci.Layers.Compression;
using MultiArch.Testing;

namespace MultiArch.Oci.Tests.Layers;

[TestClass]
public sealed class PackingPoolTests
{
    private const int MiB = 1024 * 1024;

    public required TestContext TestContext { get; init; }

    private CancellationToken Token => TestContext.CancellationToken;

    [TestMethod]
    public async Task No_more_blocks_are_lent_than_workers_need()
    {
        using var pool = new PackingPool(workers: 2);
        var blocks = new List<Block>();
        for (var i = 0; i < pool.Blocks; i++)
        {
            blocks.Add(await pool.RentAsync(MiB, Token));
        }

        var oneMore = pool.RentAsync(MiB, Token);

        Assert.AreEqual(6, pool.Blocks);
        Assert.IsFalse(oneMore.IsCompleted);
        pool.Return(blocks[0]);
        Assert.AreSame(blocks[0], await oneMore);
    }

    [TestMethod]
    public void A_machine_with_many_processors_takes_no_more_memory_than_sixteen_workers_do()
    {
        using var pool = new PackingPool(workers: 256);

        Assert.AreEqual(34, pool.Blocks);
    }

    [TestMethod]
    public async Task More_layers_than_blocks_are_packed_at_the_same_time()
    {
        using var folder = new TempDirectory();
        var noise = new byte[3 * MiB];
        new Random(5).NextBytes(noise);
        await File.WriteAllBytesAsync(folder["noise"], noise, Token);
        var recipe = await LayerRecipe.ReadAsync(new LayerPlan("app", [new("noise", folder["noise"])]), Token);
        using var pool = new PackingPool(workers: 1);

        var layers = await Task.WhenAll(Enumerable.Range(0, 3 * pool.Blocks).Select(i =>
            Task.Run(() => LayerPacker.PackAsync(recipe, LayerCompression.Default, folder[$"out{i}"], pool, Token))));

        Assert.HasCount(1, layers.Select(layer => layer.Descriptor.Digest).Distinct());
    }

    [TestMethod]
    public async Task A_layer_that_fails_takes_no_block_from_the_others()
    {
        using var folder = new TempDirectory();
        await File.WriteAllBytesAsync(folder["changed"], new byte[20 * MiB], Token);
        var recipe = await LayerRecipe.ReadAsync(new LayerPlan("app", [new("changed", folder["changed"])]), Token);
        await File.WriteAllBytesAsync(folder["changed"], new byte[(20 * MiB) - 1], Token);
        using var pool = new PackingPool(workers: 1);

        for (var i = 0; i < 2 * pool.Blocks; i++)
        {
            await Assert.ThrowsExactlyAsync<MultiArchException>(() => LayerPacker.PackAsync(recipe, LayerCompression.Default, folder["out"], pool, Token));
        }

        for (var i = 0; i < pool.Blocks; i++)
        {
            Assert.IsTrue(pool.RentAsync(MiB, Token).IsCompletedSuccessfully);
        }
    }

    [TestMethod]
    public async Task One_pool_serves_both_compressions()
    {
        using var folder = new TempDirectory();
        var recipe = await LayerRecipe.ReadAsync(FixedPlan.In(folder), Token);
        using var pool = new PackingPool(workers: 1);

        var gzip = await LayerPacker.PackAsync(recipe, LayerCompression.Default, folder["gzip"], pool, Token);
        var zstd = await LayerPacker.PackAsync(recipe, LayerCompression.Zstd(), folder["zstd"], pool, Token);
        var again = await LayerPacker.PackAsync(recipe, LayerCompression.Default, folder["again"], pool, Token);

        Assert.AreEqual(MediaTypes.OciLayerZstd, zstd.Descriptor.MediaType);
        Assert.AreEqual(gzip.DiffId, zstd.DiffId);
        Assert.AreNotEqual(gzip.Descriptor.Digest, zstd.Descriptor.Digest);
        Assert.AreEqual(gzip.Descriptor, again.Descriptor);
    }

    [TestMethod]
    [DataRow(nameof(LayerCompression.Gzip), false)]
    [DataRow(nameof(LayerCompression.Zstd), true)]
    public async Task SharpCompress_is_loaded_for_zstd_alone(string compression, bool isLoaded)
    {
        using var folder = new TempDirectory();
        folder.Write("a", "a");
        var library = new LibraryOfItsOwn();

        // By reflection, since the types of this other copy of the library are not those that this test is compiled with.
        var layers = library.Assembly.GetType(typeof(LayerPacker).FullName!)!.Namespace;
        Type Of(string name) => library.Assembly.GetType($"{layers}.{name}", throwOnError: true)!;
        var file = Activator.CreateInstance(Of(nameof(LayerFile)), "a", folder["a"], null, null, 0, 0, null)!;
        var files = Array.CreateInstance(file.GetType(), 1);
        files.SetValue(file, 0);
        var plan = Activator.CreateInstance(Of(nameof(LayerPlan)), "app", files)!;
        var recipe = await (dynamic)Of(nameof(LayerRecipe)).GetMethod(nameof(LayerRecipe.ReadAsync))!.Invoke(null, [plan, Token])!;
        using var pool = (IDisposable)Activator.CreateInstance(Of(nameof(PackingPool)), 1)!;
        var chosen = Of(nameof(LayerCompression)).GetMethod(compression)!.Invoke(null, [3])!;
        await (Task)Of(nameof(LayerPacker)).GetMethod(nameof(LayerPacker.PackAsync))!.Invoke(null, [recipe, chosen, folder["out"], pool, Token])!;

        Assert.HasCount(1, Directory.GetFiles(folder["out"]));
        Assert.AreEqual(isLoaded, library.Assemblies.Any(assembly => assembly.GetName().Name == "SharpCompress"));
    }

    private sealed class LibraryOfItsOwn : AssemblyLoadContext
    {
        private readonly AssemblyDependencyResolver _resolver = new(typeof(PackingPoolTests).Assembly.Location);

        public System.Reflection.Assembly Assembly => field ??= LoadFromAssemblyPath(typeof(LayerPacker).Assembly.Location);

        protected override System.Reflection.Assembly? Load(System.Reflection.AssemblyName name) =>
            name.Name == "SharpCompress" && _resolver.ResolveAssemblyToPath(name) is { } path ? LoadFromAssemblyPath(path) : null;
    }
}
