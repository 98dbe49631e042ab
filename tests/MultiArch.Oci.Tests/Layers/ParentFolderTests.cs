using MultiArch.Oci.Layers;
using MultiArch.Testing;

namespace MultiArch.Oci.Tests.Layers;

/// <summary>The folders above a file, which no plan names: an entry for one replaces the mode that it has in the base.</summary>
[TestClass]
public sealed class ParentFolderTests
{
    public required TestContext TestContext { get; init; }

    [TestMethod]
    [DataRow("tmp", "1777")]
    [DataRow("var/tmp", "1777")]
    [DataRow("root", "700")]
    [DataRow("var", "755")]
    [DataRow("app/tmp", "755")]
    [DataRow("tmp/inner", "755")]
    public async Task A_folder_that_every_system_has_keeps_its_mode(string parent, string mode)
    {
        using var folder = new TempDirectory();
        var file = folder.Write("file", "x");

        var recipe = await LayerRecipe.ReadAsync(new LayerPlan("files", [new LayerFile($"{parent}/file", file)]), TestContext.CancellationToken);

        Assert.AreEqual(mode, Convert.ToString(recipe.Entries.Single(entry => entry.Path == parent).Mode, 8));
    }
}
