using System.Formats.Tar;
using System.Text;
using MultiArch.Oci.Layers;
using MultiArch.Testing;

namespace MultiArch.Oci.Tests.Layers;

[TestClass]
public sealed class LayerWriterTests
{
    private static readonly DateTimeOffset Time = new(1980, 1, 1, 0, 0, 1, TimeSpan.Zero);

    public required TestContext TestContext { get; init; }

    [TestMethod]
    public async Task A_fixed_plan_has_the_diffID_that_it_has_always_had()
    {
        using var folder = new TempDirectory();

        var tar = await Tar.Of(FixedPlan.In(folder), TestContext.CancellationToken);

        Assert.AreEqual("sha256:cf6517b3f4d0e32ea544ed8891e8c91fbc984fa20d493a6211c1fab9cd9a64c2", Digest.Of(tar).ToString());
    }

    [TestMethod]
    public async Task Order_times_and_host_modes_do_not_reach_the_bytes()
    {
        using var one = new TempDirectory();
        using var two = new TempDirectory();
        var plan = FixedPlan.In(one);
        var other = FixedPlan.In(two);
        foreach (var file in Directory.EnumerateFiles(two.Path))
        {
            File.SetLastWriteTimeUtc(file, new DateTime(2031, 5, 6, 7, 8, 9, DateTimeKind.Utc));
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.SetUser | UnixFileMode.OtherWrite);
            }
        }

        var reversed = other with { Title = "another title", Files = [.. other.Files.Reverse()] };

        CollectionAssert.AreEqual(await Tar.Of(plan, TestContext.CancellationToken), await Tar.Of(reversed, TestContext.CancellationToken));
    }

    [TestMethod]
    public async Task GNU_tar_lists_exactly_what_is_meant()
    {
        Tool.Require("tar");
        using var folder = new TempDirectory();
        var tar = await Tar.Of(FixedPlan.In(folder), TestContext.CancellationToken);

        var listing = Shell.Text("tar", ["-tvf", "-", "--full-time", "--numeric-owner", "--quoting-style=literal"], tar);

        var lines = listing.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries)));
        string[] expected =
        [
            "drwxr-xr-x 0/0 0 app/",
            $"drwxr-xr-x 0/0 0 app/{new string('d', 60)}/",
            $"-rw-r--r-- 0/0 5 {FixedPlan.SplitPath}",
            $"drwxr-xr-x 0/0 0 app/{new string('e', 100)}/",
            $"drwxr-xr-x 0/0 0 app/{new string('e', 100)}/{new string('f', 100)}/",
            $"-rw-r--r-- 0/0 4 {FixedPlan.LongPath}",
            "-rw-r--r-- 0/0 2 app/grüße-日本-🙂.txt",
            "lrwxrwxrwx 0/0 0 app/link -> readme.txt",
            $"lrwxrwxrwx 0/0 0 app/long-link -> {FixedPlan.LongTarget}",
            "-rw-r--r-- 0/0 0 app/nothing",
            "-rw-r--r-- 0/0 6 app/readme.txt",
            "-r-------- 1654/1655 1 app/secret",
            "-rwxr-xr-x 0/0 20 app/start.sh",
            "-rw-r--r-- 0/0 3 app/with space:and colon",
            $"-rw-r--r-- 0/0 4 {FixedPlan.LongName}",
            "drwxr-xr-x 0/0 0 opt/",
            "-rw-r--r-- 3000000/3000001 5 opt/big-owner",
            "drwxrwxrwt 0/0 0 tmp/",
            "drwxr-xr-x 0/0 0 var/",
            "drwxr-xr-x 0/0 0 var/empty/",
            $"drwxr-xr-x 0/0 0 var/{new string('v', 120)}/",
        ];
        CollectionAssert.AreEqual(expected, lines.Select(line => line.Replace(" 1980-01-01 00:00:01", "", StringComparison.Ordinal)).ToArray());
        Assert.AreEqual(expected.Length, listing.Split("1980-01-01 00:00:01").Length - 1, "every entry has the one time");
    }

    [TestMethod]
    public async Task What_is_read_back_is_what_was_packed()
    {
        using var folder = new TempDirectory();
        var plan = FixedPlan.In(folder);
        var tar = await Tar.Of(plan, TestContext.CancellationToken);

        var names = new List<string>();
        await using var reader = new TarReader(new MemoryStream(tar));
        while (await reader.GetNextEntryAsync(copyData: true, TestContext.CancellationToken) is { } entry)
        {
            var parent = entry.Name.TrimEnd('/').LastIndexOf('/') is >= 0 and var slash ? entry.Name[..(slash + 1)] : null;
            Assert.IsTrue(parent is null || names.Contains(parent), $"{entry.Name} comes before its parent");
            Assert.DoesNotContain(entry.Name, names);
            Assert.AreEqual(Time, entry.ModificationTime, entry.Name);
            Assert.AreNotEqual(TarEntryFormat.Pax, entry.Format, entry.Name);
            Assert.AreEqual("", (entry as PosixTarEntry)?.UserName + (entry as PosixTarEntry)?.GroupName, entry.Name);
            names.Add(entry.Name);
            if (plan.Files.SingleOrDefault(file => file.Path == entry.Name && file.Type is LayerEntryType.File) is { Source: { } source })
            {
                using var content = new MemoryStream();
                await (entry.DataStream ?? Stream.Null).CopyToAsync(content, TestContext.CancellationToken);
                CollectionAssert.AreEqual(await File.ReadAllBytesAsync(source, TestContext.CancellationToken), content.ToArray(), entry.Name);
            }
        }

        Assert.HasCount(21, names);
    }

    [TestMethod]
    [DataRow(100, 0, true, DisplayName = "a name of 100 bytes")]
    [DataRow(101, 0, false, DisplayName = "a name of 101 bytes")]
    [DataRow(100, 155, true, DisplayName = "100 bytes after a slash and 155 before")]
    [DataRow(100, 156, false, DisplayName = "100 bytes after a slash and 156 before")]
    [DataRow(101, 155, false, DisplayName = "101 bytes after a slash")]
    [DataRow(20, 170, false, DisplayName = "a long folder with a short name")]
    [DataRow(1, 155, true, DisplayName = "a long folder with the shortest name")]
    public async Task A_name_is_USTAR_when_it_fits_and_GNU_when_not(int nameLength, int folderLength, bool isUstar)
    {
        using var folder = new TempDirectory();
        var name = new string('n', nameLength);
        var path = folderLength == 0 ? name : $"{new string('p', folderLength)}/{name}";

        var tar = await Tar.Of(new LayerPlan("app", [new(path, folder.Write("file", "x"))]), TestContext.CancellationToken);

        await using var reader = new TarReader(new MemoryStream(tar));
        TarEntry? last = null;
        while (await reader.GetNextEntryAsync(copyData: true, TestContext.CancellationToken) is { } entry)
        {
            last = entry;
        }

        Assert.AreEqual(path, last!.Name);
        Assert.AreEqual(isUstar ? TarEntryFormat.Ustar : TarEntryFormat.Gnu, last.Format);
    }

    [TestMethod]
    [DataRow(100)]
    [DataRow(101)]
    public async Task A_link_of_any_length_keeps_its_text(int length)
    {
        var target = new string('é', length / 2) + new string('x', length % 2);
        var tar = await Tar.Of(new LayerPlan("app", [LayerFile.Symlink("link", target)]), TestContext.CancellationToken);

        await using var reader = new TarReader(new MemoryStream(tar));
        var entry = await reader.GetNextEntryAsync(copyData: true, TestContext.CancellationToken);

        Assert.AreEqual(target, entry!.LinkName);
        Assert.AreEqual(length <= 100 ? TarEntryFormat.Ustar : TarEntryFormat.Gnu, entry.Format);
    }

    [TestMethod]
    public async Task No_byte_tells_of_the_process_the_machine_or_the_time()
    {
        using var folder = new TempDirectory();
        var text = Encoding.UTF8.GetString(await Tar.Of(FixedPlan.In(folder), TestContext.CancellationToken));

        Assert.DoesNotContain("PaxHeader", text);
        Assert.DoesNotContain(folder.Path, text);
        Assert.DoesNotContain(Environment.MachineName, text);
    }

    [TestMethod]
    public async Task A_layer_of_nothing_is_an_archive_that_ends_at_once()
    {
        var tar = await Tar.Of(new LayerPlan("nothing", []), TestContext.CancellationToken);

        CollectionAssert.AreEqual(new byte[1024], tar);
    }
}
