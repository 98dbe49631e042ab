using MultiArch.Oci.Layers;

namespace MultiArch.Oci.Tests.Layers;

internal static class Tar
{
    public static async Task<byte[]> Of(LayerPlan plan, CancellationToken cancellationToken = default) =>
        await Of(await LayerRecipe.ReadAsync(plan, cancellationToken));

    public static async Task<byte[]> Of(LayerRecipe recipe)
    {
        using var tar = new MemoryStream();
        await LayerWriter.WriteAsync(recipe, tar, CancellationToken.None);
        return tar.ToArray();
    }
}
