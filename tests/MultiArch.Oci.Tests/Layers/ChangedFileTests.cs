using MultiArch.Oci.Layers;
using MultiArch.Testing;

namespace MultiArch.Oci.Tests.Layers;

[TestClass]
public sealed class ChangedFileTests
{
    public required TestContext TestContext { get; init; }

    [TestMethod]
    [DataRow("0123456789", "0123456789more", "grown")]
    [DataRow("0123456789", "01234", "ends after 5 of 10 bytes")]
    [DataRow("0123456789", "", "ends after 0 of 10 bytes")]
    [DataRow("0123456789", "0123456780", "other content")]
    [DataRow("", "x", "grown")]
    public async Task A_file_that_is_other_than_its_recipe_fails_the_tar_and_is_named(string before, string after, string how)
    {
        using var folder = new TempDirectory();
        var source = folder.Write("app.dll", before);
        var recipe = await LayerRecipe.ReadAsync(new LayerPlan("app", [new("app/app.dll", source)]), TestContext.CancellationToken);
        await File.WriteAllTextAsync(source, after, TestContext.CancellationToken);

        var error = await Assert.ThrowsExactlyAsync<MultiArchException>(() => Tar.Of(recipe));

        Assert.AreEqual(DiagnosticCodes.FileChanged, error.Code);
        Assert.Contains(source, error.Message);
        Assert.Contains(how, error.Message);
    }

    [TestMethod]
    public async Task A_file_that_grows_under_the_copy_fails_the_tar()
    {
        using var folder = new TempDirectory();
        var source = folder.Write("big", new string('x', 1024 * 1024));
        var recipe = await LayerRecipe.ReadAsync(new LayerPlan("app", [new("big", source)]), TestContext.CancellationToken);
        using var destination = new TriggeringStream(200_000, () => File.AppendAllText(source, "more"));

        var error = await Assert.ThrowsExactlyAsync<MultiArchException>(() => LayerWriter.WriteAsync(recipe, destination, TestContext.CancellationToken));

        Assert.AreEqual(DiagnosticCodes.FileChanged, error.Code);
    }

    [TestMethod]
    public async Task A_file_that_shrinks_under_the_copy_fails_the_tar()
    {
        using var folder = new TempDirectory();
        var source = folder.Write("big", new string('x', 1024 * 1024));
        var recipe = await LayerRecipe.ReadAsync(new LayerPlan("app", [new("big", source)]), TestContext.CancellationToken);
        using var destination = new TriggeringStream(200_000, () => File.WriteAllText(source, "short"));

        var error = await Assert.ThrowsExactlyAsync<MultiArchException>(() => LayerWriter.WriteAsync(recipe, destination, TestContext.CancellationToken));

        Assert.AreEqual(DiagnosticCodes.FileChanged, error.Code);
    }

    [TestMethod]
    public async Task A_file_that_vanishes_before_the_recipe_is_named()
    {
        using var folder = new TempDirectory();

        var error = await Assert.ThrowsExactlyAsync<MultiArchException>(
            () => LayerRecipe.ReadAsync(new LayerPlan("app", [new("app/a", folder["gone/a"])]), TestContext.CancellationToken));

        Assert.AreEqual(DiagnosticCodes.FileVanished, error.Code);
        Assert.Contains(folder["gone/a"], error.Message);
    }

    [TestMethod]
    public async Task A_file_that_vanishes_after_the_recipe_is_named_and_leaves_no_layer()
    {
        using var folder = new TempDirectory();
        var source = folder.Write("in/a", "a");
        var recipe = await LayerRecipe.ReadAsync(new LayerPlan("app", [new("app/a", source)]), TestContext.CancellationToken);
        File.Delete(source);
        using var pool = new PackingPool(workers: 2);

        var error = await Assert.ThrowsExactlyAsync<MultiArchException>(
            () => LayerPacker.PackAsync(recipe, LayerCompression.Default, folder["out"], pool, TestContext.CancellationToken));

        Assert.AreEqual(DiagnosticCodes.FileVanished, error.Code);
        Assert.Contains(source, error.Message);
        Assert.IsEmpty(Directory.GetFileSystemEntries(folder["out"]));
    }

    /// <summary>Does something to the world once a number of bytes has arrived.</summary>
    private sealed class TriggeringStream(long after, Action action) : MemoryStream
    {
        private bool _isDone;

        public override void Write(byte[] buffer, int offset, int count)
        {
            base.Write(buffer, offset, count);
            Trigger();
        }

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await base.WriteAsync(buffer, cancellationToken);
            Trigger();
        }

        private void Trigger()
        {
            if (!_isDone && Length > after)
            {
                _isDone = true;
                action();
            }
        }
    }
}
