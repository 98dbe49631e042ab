using System.Formats.Tar;
using System.Text;
using MultiArch.Oci.Images;
using MultiArch.Oci.Layers;
using MultiArch.Oci.Publishing;
using MultiArch.Oci.Tests.Inspection;
using MultiArch.Oci.Tests.Storage;
using MultiArch.Oci.Verification;

namespace MultiArch.Oci.Tests.Publishing;

/// <summary>Nothing is written while a file does not fit its platform.</summary>
[TestClass]
public sealed class PlatformGateTests
{
    private static readonly SyntheticElf App = new() { Interpreter = "/lib64/ld-linux-x86-64.so.2", IsPie = true };
    private static readonly SyntheticElf Static = new() { Type = 2 };
    private static readonly SyntheticElf Foreign = new() { Machine = 22, IsLittleEndian = false };

    public required TestContext TestContext { get; init; }

    private CancellationToken Token => TestContext.CancellationToken;

    [TestMethod]
    public async Task A_foreign_library_stops_the_publish_and_the_line_says_all_that_helps()
    {
        using var publication = Publication(VerificationPolicy.BySeverity);
        var store = new RecordingStore();

        var error = await FailAsync(publication, store, Plan(publication, ("app/web", Static), ("app/liba.so", Foreign), ("app/libb.so", Foreign)));

        Assert.AreEqual(DiagnosticCodes.NativeFileForeign, error.Code);
        foreach (var part in new[] { "linux-x64: '/app/liba.so', '/app/libb.so'", "S/390", "ELF for x86-64", "DllNotFoundException", "Likely cause", "$(RuntimeIdentifier)" })
        {
            Assert.Contains(part, error.Message);
        }

        Assert.DoesNotContain('\n', error.Message);
        Assert.IsEmpty(store.Writes);
    }

    [TestMethod]
    [DataRow(VerificationPolicy.BySeverity, true, 1)]
    [DataRow(VerificationPolicy.Error, true, 0)]
    [DataRow(VerificationPolicy.Warn, false, 2)]
    [DataRow(VerificationPolicy.Off, false, 0)]
    public async Task The_policy_decides_what_ends_the_publish(VerificationPolicy policy, bool fails, int warnings)
    {
        using var publication = Publication(policy);
        var store = new RecordingStore();
        var plan = Plan(publication, ("app/web", Static), ("app/liba.so", Foreign), ("app/libb.so", new SyntheticElf { Needed = ["libnone.so"] }));

        if (fails)
        {
            await FailAsync(publication, store, plan);
        }
        else
        {
            await publication.PublishAsync(store, [plan], Token);
        }

        Assert.HasCount(warnings, publication.Events.OfType<PublishEvent.FaultsFound>().Where(told => !told.IsError));
        Assert.AreEqual(fails, store.Writes.Count == 0);
    }

    [TestMethod]
    public async Task All_faults_of_all_platforms_are_told_and_the_last_ends_the_publish()
    {
        using var publication = Publication(VerificationPolicy.BySeverity);

        var error = await FailAsync(publication, new RecordingStore(), Plan(publication, ("app/web", App), ("app/liba.so", Foreign)), Plan(publication, "linux-arm64", ("app/web", Static)));

        CollectionAssert.AreEqual(
            new[] { "MARCH3020 linux-x64", "MARCH3023 linux-x64" },
            publication.Events.OfType<PublishEvent.FaultsFound>().Where(told => told.IsError).Select(told => $"{told.Faults.Code} {told.Faults.RuntimeIdentifier}").Order(StringComparer.Ordinal).ToList());
        Assert.StartsWith("linux-arm64: '/app/web'", error.Message);
    }

    [TestMethod]
    public async Task A_long_list_of_files_is_cut_and_counted()
    {
        using var publication = Publication(VerificationPolicy.BySeverity);

        var error = await FailAsync(publication, new RecordingStore(), Plan(publication, [("app/web", Static), .. Enumerable.Range(0, 9).Select(i => ($"app/lib{i}.so", Foreign))]));

        Assert.Contains("9 files, '/app/lib0.so', '/app/lib1.so', '/app/lib2.so', '/app/lib3.so' …", error.Message);
    }

    [TestMethod]
    [DataRow(true, false)]
    [DataRow(false, true)]
    public async Task What_the_base_offers_counts(bool hasLoader, bool fails)
    {
        using var publication = Publication(VerificationPolicy.BySeverity);
        await WriteBaseAsync(publication, hasLoader ? "usr/lib64/ld-linux-x86-64.so.2" : "usr/lib/other");
        var plan = Plan(publication, ("app/web", App)) with { BaseImage = Publishing.Publication.BaseName };

        if (fails)
        {
            Assert.AreEqual(DiagnosticCodes.LoaderMissing, (await FailAsync(publication, new RecordingStore(), plan)).Code);
        }
        else
        {
            Assert.IsTrue((await publication.PublishAsync(new RecordingStore(), [plan], Token)).Starts);
        }
    }

    [TestMethod]
    public async Task A_base_is_read_once_and_a_sound_image_is_not_read_again()
    {
        using var publication = Publication(VerificationPolicy.BySeverity);
        publication.Asking = request => request with { Verify = VerificationPolicy.BySeverity, DocumentFolder = publication.Folder["bases"], CacheFolder = publication.Folder["layers"] };
        await WriteBaseAsync(publication, "usr/lib64/ld-linux-x86-64.so.2");
        var plan = Plan(publication, ("app/web", App)) with { BaseImage = Publishing.Publication.BaseName };
        var store = new RecordingStore();

        await publication.PublishAsync(store, [plan], Token);
        await publication.PublishAsync(store, [plan], Token);
        var verified = publication.Events.OfType<PublishEvent.Verified>().Select(told => (told.Headers, told.BasesRead)).ToList();

        CollectionAssert.AreEqual(new[] { (1, 1), (0, 0) }, verified);
        Assert.HasCount(1, Directory.EnumerateFiles(publication.Folder["bases/trees"]));
        Assert.HasCount(1, Directory.EnumerateFiles(publication.Folder["layers/sound"]));
    }

    [TestMethod]
    public async Task A_warning_is_told_at_every_publish()
    {
        using var publication = Publication(VerificationPolicy.Warn);
        publication.Asking = request => request with { Verify = VerificationPolicy.Warn, CacheFolder = publication.Folder["layers"] };
        var plan = Plan(publication, ("app/web", Static), ("app/liba.so", Foreign));
        var store = new RecordingStore();

        await publication.PublishAsync(store, [plan], Token);
        await publication.PublishAsync(store, [plan], Token);

        Assert.HasCount(2, publication.Events.OfType<PublishEvent.FaultsFound>());
    }

    [TestMethod]
    public async Task A_base_of_which_nothing_is_needed_stays_where_it_is()
    {
        using var publication = Publication(VerificationPolicy.BySeverity);
        var plan = Plan(publication, ("app/web", Static)) with { BaseImage = Publishing.Publication.BaseName };

        // Its layers are texts, and no tar reader would take them.
        await publication.PublishAsync(new RecordingStore(), [plan], Token);

        Assert.AreEqual(0, publication.Events.OfType<PublishEvent.Verified>().Single().BasesRead);
    }

    [TestMethod]
    public async Task Without_the_base_the_console_says_what_was_left_out_and_headers_are_checked_all_the_same()
    {
        using var publication = Publication(VerificationPolicy.BySeverity);
        publication.Asking = request => request with { Verify = VerificationPolicy.BySeverity, VerifyBase = false };
        var sound = Plan(publication, ("app/web", App)) with { BaseImage = Publishing.Publication.BaseName };

        await publication.PublishAsync(new RecordingStore(), [sound], Token);
        CollectionAssert.AreEqual(new[] { "linux-x64" }, publication.Events.OfType<PublishEvent.BasesNotVerified>().Single().RuntimeIdentifiers.ToList());

        var foreign = Plan(publication, ("app/web", App), ("app/liba.so", Foreign)) with { BaseImage = Publishing.Publication.BaseName };
        Assert.AreEqual(DiagnosticCodes.NativeFileForeign, (await FailAsync(publication, new RecordingStore(), foreign)).Code);
    }

    [TestMethod]
    public async Task A_base_that_cannot_be_unpacked_is_named()
    {
        using var publication = Publication(VerificationPolicy.BySeverity);
        var plan = Plan(publication, ("app/web", App)) with { BaseImage = Publishing.Publication.BaseName };
        var store = new RecordingStore();

        var error = await FailAsync(publication, store, plan);

        Assert.AreEqual(DiagnosticCodes.BaseContradictsItself, error.Code);
        Assert.Contains(Publishing.Publication.BaseName, error.Message);
        Assert.IsEmpty(store.Writes);
    }

    private static Publication Publication(VerificationPolicy policy) => new() { Asking = request => request with { Verify = policy } };

    private async Task<MultiArchException> FailAsync(Publication publication, RecordingStore store, params ImagePlan[] plans) =>
        await Assert.ThrowsExactlyAsync<MultiArchException>(() => publication.PublishAsync(store, plans, Token));

    private static ImagePlan Plan(Publication publication, params IEnumerable<(string Path, SyntheticElf File)> files) => Plan(publication, "linux-x64", files);

    private static ImagePlan Plan(Publication publication, string runtimeIdentifier, params IEnumerable<(string Path, SyntheticElf File)> files)
    {
        var plan = publication.Plan(runtimeIdentifier, "scratch");
        return plan with { Layers = [new("app", [.. files.Select(file => new LayerFile(file.Path, Write(publication, $"{runtimeIdentifier}/{file.Path}", file.File.ToBytes())))])] };
    }

    private static string Write(Publication publication, string path, byte[] bytes)
    {
        var file = publication.Folder.Write(path, "");
        File.WriteAllBytes(file, bytes);
        return file;
    }

    /// <summary>A base with a merged /usr and one file.</summary>
    private static async Task WriteBaseAsync(Publication publication, string path)
    {
        using var bytes = new MemoryStream();
        await using (var tar = new TarWriter(bytes, TarEntryFormat.Ustar, leaveOpen: true))
        {
            await tar.WriteEntryAsync(new UstarTarEntry(TarEntryType.SymbolicLink, "lib64") { LinkName = "usr/lib64" });
            await tar.WriteEntryAsync(new UstarTarEntry(TarEntryType.RegularFile, path) { DataStream = new MemoryStream("loader"u8.ToArray()) });
        }

        var entries = (await StoredImage.WriteAsync(publication.Base, Platform.LinuxAmd64, Encoding.ASCII.GetString(bytes.ToArray()))).Describe() with { Platform = Platform.LinuxAmd64 };
        await publication.Base.TagAsync(await StoredImage.WriteIndexAsync(publication.Base, entries), ["1"], CancellationToken.None);
    }
}
