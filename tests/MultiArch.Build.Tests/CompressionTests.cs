using MultiArch.Oci;
using MultiArch.Oci.Formats;
using MultiArch.Oci.Layers;
using MultiArch.Testing;

namespace MultiArch.Build.Tests;

[TestClass]
public sealed class CompressionTests
{
    public required TestContext TestContext { get; init; }

    [TestMethod]
    [DataRow("", "", "", MediaTypes.OciLayerGzip, 3)]
    [DataRow("gzip", "", "", MediaTypes.OciLayerGzip, 3)]
    [DataRow("GZip", "0", "19", MediaTypes.OciLayerGzip, 0)]
    [DataRow("gzip", "9", "", MediaTypes.OciLayerGzip, 9)]
    [DataRow("zstd", "", "", MediaTypes.OciLayerZstd, 3)]
    [DataRow("ZSTD", "6", "1", MediaTypes.OciLayerZstd, 1)]
    [DataRow("zstd", "", "19", MediaTypes.OciLayerZstd, 19)]
    public void Properties_choose_the_compression_and_its_level(string name, string gzipLevel, string zstdLevel, string mediaType, int level)
    {
        var compression = CompressionSettings.Parse(name, gzipLevel, zstdLevel, ImageFormat.Oci);

        Assert.AreEqual((mediaType, level), (compression.MediaType, compression.Level));
    }

    [TestMethod]
    [DataRow("brotli", "", "", "MARCH1043", "MultiArchCompression 'brotli'")]
    [DataRow(" zstd", "", "", "MARCH1043", "' zstd'")]
    [DataRow("", "10", "", "MARCH1044", "MultiArchGzipLevel '10'")]
    [DataRow("", "-1", "", "MARCH1044", "from 0 to 9")]
    [DataRow("", "fast", "", "MARCH1044", "'fast'")]
    [DataRow("", "3.0", "", "MARCH1044", "'3.0'")]
    [DataRow("zstd", "", "0", "MARCH1044", "MultiArchZstdLevel '0'")]
    [DataRow("zstd", "", "20", "MARCH1044", "from 1 to 19")]
    [DataRow("zstd", "10", "", "MARCH1044", "MultiArchGzipLevel '10'")]
    [DataRow("gzip", "", "99999999999", "MARCH1044", "MultiArchZstdLevel")]
    public void What_is_no_compression_or_no_level_is_named(string name, string gzipLevel, string zstdLevel, string code, string says)
    {
        var error = Assert.ThrowsExactly<MultiArchException>(() => CompressionSettings.Parse(name, gzipLevel, zstdLevel, ImageFormat.Oci));

        Assert.AreEqual(code, error.Code);
        Assert.Contains(says, error.Message);
    }

    [TestMethod]
    public void Docker_s_format_takes_gzip_alone()
    {
        var gzip = CompressionSettings.Parse("gzip", "6", "", ImageFormat.Docker);
        var error = Assert.ThrowsExactly<MultiArchException>(() => CompressionSettings.Parse("zstd", "", "", ImageFormat.Docker));

        Assert.AreEqual(LayerCompression.Gzip(6), gzip);
        Assert.AreEqual(DiagnosticCodes.InvalidImageFormat, error.Code);
        Assert.Contains("ContainerImageFormat", error.Message);
    }

    [TestMethod]
    public async Task A_wrong_compression_is_named_before_anything_compiles()
    {
        using var project = await TestProject.ConsoleAsync();
        (await project.DotnetAsync("restore")).ShouldSucceed();

        var unknown = (await project.PublishAsync("--no-restore", "-p:MultiArchCompression=brotli")).ShouldFailWith("MARCH1043");
        var docker = (await project.PublishAsync("--no-restore", "-p:MultiArchCompression=zstd", "-p:ContainerImageFormat=Docker")).ShouldFailWith("MARCH1012");

        Assert.Contains("'brotli'", unknown);
        Assert.Contains("zstd", docker);
        Assert.IsFalse(Directory.Exists(Path.Combine(project.Folder, "obj", "multiarch")), "Nothing was restored or compiled.");
    }

    [TestMethod]
    public async Task A_client_unpacks_layers_of_zstd_to_the_published_files()
    {
        Tool.RequireRoot();
        Tool.Require("buildah", "unshare");
        using var project = await TestProject.ConsoleAsync("<PropertyGroup><MultiArchCompression>zstd</MultiArchCompression></PropertyGroup>");

        (await project.PublishAsync("-p:MultiArchZstdLevel=19")).ShouldSucceed();

        foreach (var (platform, runtimeIdentifier) in new[] { (Platform.LinuxAmd64, "linux-x64"), (Platform.LinuxArm64, "linux-arm64") })
        {
            await using var image = await PulledImage.PullAsync(PullClient.Buildah, $"oci:{project.ImageFolder}:latest", platform, TestContext.CancellationToken);
            var published = Path.Combine(project.Folder, "obj", "multiarch", "Release", TestProject.Framework, runtimeIdentifier, "publish");
            Assert.AreEqual(Hashes(published), Hashes(Path.Combine(image.RootFileSystem, "app")));
        }

        Assert.AreEqual(MediaTypes.OciLayerZstd, string.Join(' ', (await LayerTypesAsync(project.ImageFolder)).Distinct()));
    }

    private static string Hashes(string folder) => string.Join('\n', Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
        .Select(file => $"{Path.GetRelativePath(folder, file)} {Digest.Of(File.ReadAllBytes(file))}")
        .Order(StringComparer.Ordinal));

    private async Task<List<string>> LayerTypesAsync(string layout)
    {
        Task<byte[]> ReadAsync(Descriptor blob) => File.ReadAllBytesAsync(Path.Combine(layout, "blobs", "sha256", blob.Digest.Hex), TestContext.CancellationToken);
        var entry = ImageIndex.Parse(await File.ReadAllBytesAsync(Path.Combine(layout, "index.json"), TestContext.CancellationToken)).Manifests[0];
        var first = ImageIndex.Parse(await ReadAsync(entry)).Manifests[0];
        return [.. ImageManifest.Parse(await ReadAsync(first)).Layers.Select(layer => layer.MediaType)];
    }
}
