using System.Buffers.Binary;
using System.Formats.Tar;
using System.Text.Json.Nodes;
using MultiArch.Build.Tasks;
using MultiArch.Oci;
using MultiArch.Oci.Formats;
using MultiArch.Oci.Storage;
using MultiArch.Testing;

namespace MultiArch.Build.Tests;

/// <summary>What the task makes of a verification: the table, the report, errors and warnings.</summary>
[TestClass]
public sealed class VerifyImageTaskTests
{
    private const int X64 = 62;
    private const int Arm64 = 183;

    private readonly RecordingBuild _build = new();

    [TestMethod]
    public async Task A_lie_is_an_error_and_the_report_is_there()
    {
        using var folder = new TempDirectory();
        await MakeAsync(folder, ("app", X64));

        Assert.IsFalse(Verify(folder).Execute());

        Assert.StartsWith("MARCH3053: linux/arm64 has 1 file not made for it: /app (ELF for x86-64; the image's command uses it).", _build.Errors.Single());
        Assert.Contains(": Reading linux/arm64: 1 layer, ", string.Join('\n', _build.Messages));
        Assert.Contains(": an index of 1 image.", string.Join('\n', _build.Messages));
        Assert.Contains("  linux/arm64  linux/arm64  x86-64: 1     -          1", string.Join('\n', _build.Messages));
        var report = JsonNode.Parse(await File.ReadAllBytesAsync(folder["out/report.json"]))!;
        Assert.IsFalse((bool)report["isTrue"]!);
        Assert.AreEqual("/app", (string?)report["images"]![0]!["disagreeing"]![0]!["fault"]!["path"]);
        Assert.HasCount(1, Directory.GetFiles(folder["out"]), "Nothing half-written lies beside it.");
    }

    [TestMethod]
    [DataRow("", true, 0, 1)]
    [DataRow("error", false, 1, 0)]
    [DataRow("warn", true, 0, 1)]
    [DataRow("off", true, 0, 1)]
    public async Task What_may_be_on_purpose_is_a_warning_unless_all_are_errors(string severity, bool passes, int errors, int warnings)
    {
        using var folder = new TempDirectory();
        await MakeAsync(folder, ("app", Arm64), ("opt/data/tool", X64));

        Assert.AreEqual(passes, Verify(folder, severity).Execute());
        Assert.HasCount(errors, _build.Errors);
        Assert.HasCount(warnings, _build.Warnings);
        Assert.StartsWith("MARCH3054: ", _build.Errors.Concat(_build.Warnings).Single());
    }

    [TestMethod]
    [DataRow("", "", true)]
    [DataRow("error", "", false)]
    [DataRow("", "MARCH3054", false)]
    [DataRow("warn", "MARCH3054", false)]
    [DataRow("", "MARCH3056", true)]
    public async Task A_report_is_not_true_where_the_build_ends_with_an_error(string severity, string warningAsError, bool isTrue)
    {
        using var folder = new TempDirectory();
        await MakeAsync(folder, ("app", Arm64), ("opt/data/tool", X64));
        using var verify = Verify(folder, severity);
        verify.BuildEngine = _build.TreatingAsError(warningAsError);

        Assert.AreEqual(isTrue, verify.Execute());
        var report = JsonNode.Parse(await File.ReadAllBytesAsync(folder["out/report.json"]))!;
        Assert.AreEqual(isTrue, (bool)report["isTrue"]!);
        Assert.AreEqual(!isTrue, (bool)report["faults"]![0]!["isError"]!);
        Assert.IsFalse((bool)report["faults"]![0]!["isCertain"]!);
    }

    /// <summary>Whoever looks into the report of the last call sees that call's image.</summary>
    [TestMethod]
    [DataRow("oci:missing", "", "MARCH2004")]
    [DataRow("oci:image/blobs", "", "MARCH2004")]
    [DataRow("UPPER CASE", "", "MARCH3050")]
    [DataRow("UPPER CASE", "loud", "MARCH3032")]
    public async Task An_image_that_cannot_be_read_leaves_no_report_of_another(string reference, string severity, string code)
    {
        using var folder = new TempDirectory();
        await MakeAsync(folder, ("app", Arm64));
        Assert.IsTrue(Verify(folder).Execute());
        using var other = Verify(folder, severity);
        other.Reference = reference;

        Assert.IsFalse(other.Execute());

        var report = JsonNode.Parse(await File.ReadAllBytesAsync(folder["out/report.json"]))!;
        Assert.IsFalse((bool)report["isTrue"]!);
        Assert.AreEqual(reference.Replace("oci:", $"oci:{folder.Path}/", StringComparison.Ordinal), (string?)report["reference"], "As in the report of one that is read.");
        Assert.AreEqual(_build.Errors.Single(), $"{report["faults"]![0]!["code"]}: {report["faults"]![0]!["message"]}");
        Assert.StartsWith(code, _build.Errors.Single());
        Assert.IsEmpty((JsonArray)report["images"]!);
    }

    [TestMethod]
    [DataRow("warn", true)]
    [DataRow("off", false)]
    public async Task A_lie_passes_where_all_are_warnings_and_nowhere_else(string severity, bool passes)
    {
        using var folder = new TempDirectory();
        await MakeAsync(folder, ("app", X64));

        Assert.AreEqual(passes, Verify(folder, severity).Execute());
    }

    [TestMethod]
    public async Task A_report_that_cannot_be_written_is_one_line()
    {
        using var folder = new TempDirectory();
        await MakeAsync(folder, ("app", Arm64));
        folder.Write("out", "a file where the folder would be");

        Assert.IsFalse(Verify(folder).Execute());

        Assert.AreEqual($"MARCH3006: Cannot write '{folder["out/report.json"]}': '{folder["out"]}' is a file, not a folder. Name another place.", _build.Errors.Single());
        Assert.IsEmpty(_build.Messages, "It is found before the image is read.");
    }

    [TestMethod]
    [Timeout(60_000)]
    public async Task A_pipe_takes_no_report_and_is_not_waited_for()
    {
        Tool.Require("mkfifo");
        using var folder = new TempDirectory();
        await MakeAsync(folder, ("app", Arm64));
        (await new CommandLine("mkfifo", folder["pipe"]).RunAsync(CancellationToken.None)).ShouldSucceed();
        using var verify = Verify(folder);
        verify.ReportFile = folder["pipe"];

        Assert.IsFalse(verify.Execute());

        Assert.AreEqual($"MARCH3006: Cannot write '{folder["pipe"]}': it is a named pipe. Name another place.", _build.Errors.Single());
    }

    [TestMethod]
    public async Task Settings_that_are_no_use_are_refused_before_anything_is_read()
    {
        using var folder = new TempDirectory();
        await MakeAsync(folder, ("app", Arm64));

        Assert.IsFalse(Verify(folder, "loud").Execute());
        using var platforms = Verify(folder);
        platforms.RequiredPlatforms = ["linux/amd64;arm"];
        Assert.IsFalse(platforms.Execute());
        using var nothing = Verify(folder);
        nothing.Reference = "";
        Assert.IsFalse(nothing.Execute());

        CollectionAssert.AreEqual(new[] { "MARCH3032", "MARCH1049", "MARCH3050" }, _build.Errors.Select(error => error[..9]).ToArray());
        Assert.IsEmpty(_build.Messages);
    }

    private VerifyImage Verify(TempDirectory folder, string severity = "") => new()
    {
        BuildEngine = _build,
        ProjectDirectory = folder.Path,
        Reference = "oci:image",
        Severity = severity,
        ReportFile = "out/report.json",
    };

    /// <summary>A layout with one image for linux/arm64 that starts <c>/app</c>.</summary>
    /// <param name="programs">Paths, and the machines that they are for.</param>
    private static async Task MakeAsync(TempDirectory folder, params (string Path, int Machine)[] programs)
    {
        using var bytes = new MemoryStream();
        await using (var tar = new TarWriter(bytes, leaveOpen: true))
        {
            foreach (var (path, machine) in programs)
            {
                await tar.WriteEntryAsync(new PaxTarEntry(TarEntryType.RegularFile, path) { DataStream = new MemoryStream(Program(machine)) });
            }
        }

        using var layout = ImageLayout.Create(folder["image"]);
        var layer = await PutAsync(layout, MediaTypes.OciLayer, bytes.ToArray());
        var config = ImageConfig.Empty(Platform.LinuxArm64) with { Config = new ContainerConfig(Entrypoint: ["/app"]), RootFS = new RootFileSystem([layer.Digest]) };
        var manifest = new ImageManifest(MediaTypes.OciManifest, await PutAsync(layout, MediaTypes.OciConfig, config.ToDocument(ImageFormat.Oci).Bytes.ToArray()), [layer]).ToDocument();
        await layout.WriteManifestAsync(manifest, CancellationToken.None);
        var index = new ImageIndex(MediaTypes.OciIndex, [manifest.Describe() with { Platform = Platform.LinuxArm64 }]).ToDocument();
        await layout.WriteManifestAsync(index, CancellationToken.None);
        await layout.TagAsync(index, ["latest"], CancellationToken.None);
    }

    private static async Task<Descriptor> PutAsync(ImageLayout layout, string mediaType, byte[] bytes)
    {
        var blob = new Descriptor(mediaType, Digest.Of(bytes), bytes.Length);
        await layout.WriteBlobAsync(blob, BlobSource.FromBytes(bytes), CancellationToken.None);
        return blob;
    }

    /// <summary>The header of a program of 64 bits, and nothing behind it.</summary>
    private static byte[] Program(int machine)
    {
        var header = new byte[64];
        new byte[] { 0x7F, (byte)'E', (byte)'L', (byte)'F', 2, 1, 1 }.CopyTo(header, 0);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(16), 2);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(18), (ushort)machine);
        return header;
    }
}
