using MultiArch.Oci.Layers;
using MultiArch.Oci.Publishing;
using MultiArch.Testing;

namespace MultiArch.Oci.Tests.Publishing;

/// <summary>A layer that is known counts for the compression that it was packed with, and for no other.</summary>
[TestClass]
public sealed class KnownCompressionTests
{
    public required TestContext TestContext { get; init; }

    [TestMethod]
    public async Task A_layer_of_another_compression_or_level_is_not_known()
    {
        using var folder = new TempDirectory();
        folder.Write("a", "a");
        var recipe = await LayerRecipe.ReadAsync(new LayerPlan("app", [new("a", folder["a"])]), TestContext.CancellationToken);
        using var pool = new PackingPool(workers: 1);
        LayerCompression[] compressions = [LayerCompression.Gzip(3), LayerCompression.Gzip(6), LayerCompression.Zstd(3), LayerCompression.Zstd(6)];

        foreach (var packed in compressions)
        {
            var layer = await LayerPacker.PackAsync(recipe, packed, folder["out"], pool, TestContext.CancellationToken);
            new KnownLayers(folder["cache"], packed, destination: null).Remember(recipe, layer);

            foreach (var asked in compressions)
            {
                Assert.AreEqual(asked == packed ? layer.Descriptor : null, new KnownLayers(folder["cache"], asked, destination: null).Find(recipe)?.Descriptor, $"{packed}, {asked}");
            }
        }
    }
}
