using MultiArch.Oci;
using MultiArch.Oci.Formats;
using MultiArch.Oci.Publishing;
using MultiArch.Oci.Storage;

namespace MultiArch.Build.Tests;

/// <summary>What people read at the end of a publish.</summary>
[TestClass]
public sealed class PublishSummaryTests
{
    private static readonly Document Manifest = new(MediaTypes.OciManifest, "{}"u8.ToArray());

    [TestMethod]
    public void A_table_says_what_became_of_each_layer_and_lines_name_the_platforms()
    {
        var report = Report(
            Image(Platform.LinuxAmd64, Layer('1', null, 28_200_000, BlobWrite.Mounted), Layer('2', null, 3_000_000, BlobWrite.Mounted), Layer('3', "runtime", 31_400_000, BlobWrite.Reused), Layer('4', "packages", 1_200_000, BlobWrite.Uploaded), Layer('5', "app", 4_600, BlobWrite.Uploaded)),
            Image(Platform.LinuxArm64, Layer('6', null, 27_000_000, BlobWrite.Uploaded), Layer('7', null, 2_900_000, BlobWrite.Reused), Layer('8', "runtime", 30_100_000, BlobWrite.Reused), Layer('4', "packages", 1_200_000, BlobWrite.Uploaded), Layer('9', "app", 4_600, BlobWrite.Uploaded)));

        Assert.AreEqual(
            $"""
                       linux/amd64         linux/arm64
            base       31.2 MB  mounted    29.9 MB  uploaded, reused
            runtime    31.4 MB  reused     30.1 MB  reused
            packages    1.2 MB  uploaded    1.2 MB  shared
            app         4.6 kB  uploaded    4.6 kB  uploaded
            linux/amd64  {Manifest.Digest}  layers: 2 new, 3 reused  1.2 MB sent
            linux/arm64  {Manifest.Digest}  layers: 2 new, 3 reused  27.0 MB sent
            """,
            string.Join('\n', PublishSummary.Lines(report, isRegistry: true)));
    }

    [TestMethod]
    public void What_has_not_changed_needs_no_table()
    {
        var report = Report(Image(Platform.LinuxAmd64, Layer('1', null, 100, BlobWrite.Reused), Layer('2', "app", 100, BlobWrite.Reused)));

        Assert.AreEqual(
            $"linux/amd64  {Manifest.Digest}  layers: 0 new, 2 reused  0 B sent",
            string.Join('\n', PublishSummary.Lines(report, isRegistry: true)));
    }

    [TestMethod]
    public void On_this_machine_layers_are_written_and_a_platform_may_lack_one()
    {
        var report = Report(
            Image(Platform.LinuxAmd64, Layer('1', "files", 100, BlobWrite.Uploaded), Layer('2', "app", 100, BlobWrite.Uploaded)),
            Image(Platform.LinuxArm64, Layer('2', "app", 100, BlobWrite.Uploaded)));

        Assert.AreEqual(
            $"""
                    linux/amd64      linux/arm64
            files   100 B  written
            app     100 B  written   100 B  shared
            linux/amd64  {Manifest.Digest}  layers: 2 new, 0 reused  200 B written
            linux/arm64  {Manifest.Digest}  layers: 0 new, 1 reused  0 B written
            """,
            string.Join('\n', PublishSummary.Lines(report, isRegistry: false)));
    }

    [TestMethod]
    public void Many_platforms_stand_below_each_other()
    {
        var report = Report([.. "12345".Select((digit, i) => Image(Platform.LinuxAmd64 with { Architecture = $"cpu{i}" }, Layer(digit, "app", 100, BlobWrite.Uploaded)))]);

        var lines = PublishSummary.Lines(report, isRegistry: true).ToList();

        Assert.HasCount(2 + 2 + 5, lines);
        Assert.AreEqual("      linux/cpu3        linux/cpu4", lines[2]);
    }

    private static PublishReport Report(params IReadOnlyList<PublishedImage> images) => new(Manifest, images, ["latest"], Starts: true);

    private static PublishedImage Image(Platform platform, params IReadOnlyList<PublishedLayer> layers) =>
        new(platform.Architecture, platform, Manifest, Manifest, "scratch", null, layers, []);

    private static PublishedLayer Layer(char digit, string? title, long size, BlobWrite write)
    {
        var digest = Digest.Parse($"sha256:{new string(digit, 64)}");
        return new PublishedLayer(new Descriptor(MediaTypes.OciLayerGzip, digest, size), digest, title, write);
    }
}
