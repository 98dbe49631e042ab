using System.Formats.Tar;
using System.Text;
using MultiArch.Debian.DebFiles;
using MultiArch.Oci;
using MultiArch.Testing;

namespace MultiArch.Debian.Tests.DebFiles;

/// <summary>Packages that nobody should sign: each is refused in one line that says why, and leaves nothing behind.</summary>
[TestClass]
public sealed class HostileDebTests
{
    public required TestContext TestContext { get; init; }

    [TestMethod]
    [DynamicData(nameof(Names))]
    public async Task A_name_that_leads_elsewhere_is_refused(string what, string fault)
    {
        TarEntry[] entries = what switch
        {
            "up" => [TestDeb.File("./usr/../../etc/passwd")],
            "up at once" => [TestDeb.File("../x")],
            "absolute" => [TestDeb.File("/etc/passwd")],
            "whiteout" => [TestDeb.File("./usr/.wh.bin")],
            "control character" => [TestDeb.File("./a\nb")],
            "long part" => [TestDeb.File($"./{new string('n', 256)}")],
            "long path" => [TestDeb.File($"./{string.Concat(Enumerable.Repeat(new string('n', 200) + "/", 20))}{new string('n', 90)}")],
            "longest name" => [TestDeb.File($"./{string.Concat(Enumerable.Repeat("n/", 30_000))}x")],
            "link out" => [TestDeb.Link("./usr/lib/x", "../../../etc/shadow")],
            "link to nothing" => [TestDeb.Link("./a", "x\u0001")],
            "through a link" => [TestDeb.Link("./x", "/etc"), TestDeb.File("./x/passwd")],
            "link after files" => [TestDeb.File("./x/passwd"), TestDeb.Link("./x", "/etc")],
            "through a file" => [TestDeb.File("./x"), TestDeb.File("./x/y")],
            "hard link out" => [TestDeb.HardLink("./x", "../../etc/shadow")],
            "hard link to the host" => [TestDeb.HardLink("./x", "/etc/shadow")],
            "hard link to nothing" => [TestDeb.HardLink("./x", "./y"), TestDeb.File("./y")],
            "hard link to a link" => [TestDeb.Link("./y", "/etc/shadow"), TestDeb.HardLink("./x", "./y")],
            "device" => [new GnuTarEntry(TarEntryType.BlockDevice, "./sda") { DeviceMajor = 8 }],
            "character device" => [new GnuTarEntry(TarEntryType.CharacterDevice, "./null") { DeviceMajor = 1, DeviceMinor = 3 }],
            "pipe" => [new GnuTarEntry(TarEntryType.Fifo, "./pipe")],
            "twice" => [TestDeb.File("./x", "one"), TestDeb.File("x", "two")],
            _ => throw new ArgumentOutOfRangeException(nameof(what)),
        };

        await RefuseAsync(new TestDeb { Entries = [.. entries] }, fault);
    }

    public static IEnumerable<(string What, string Fault)> Names =>
    [
        ("up", "'./usr/../../etc/passwd' leads out of its folder"),
        ("up at once", "'../x' leads out of its folder"),
        ("absolute", "'/etc/passwd' is absolute"),
        ("whiteout", "'./usr/.wh.bin' means a deleted file in an image"),
        ("control character", "'./a b' has a control character"),
        ("long part", "has a part of more than 255 bytes"),
        ("long path", "has more than 4095 bytes"),
        ("longest name", "a name or its attributes have 60004 bytes"),
        ("link out", "'usr/lib/x' is a link to '../../../etc/shadow', which leads out of the root"),
        ("link to nothing", "'a' has a control character"),
        ("through a link", "'x/passwd' goes through 'x', which it has as a link"),
        ("link after files", "'x/passwd' goes through 'x', which it has as a link"),
        ("through a file", "'x/y' goes through 'x', which it has as a file"),
        ("hard link out", "'../../etc/shadow' leads out of its folder"),
        ("hard link to the host", "'/etc/shadow' is absolute"),
        ("hard link to nothing", "'x' is a hard link to 'y', which is no file before it"),
        ("hard link to a link", "'x' is a hard link to 'y', which is no file before it"),
        ("device", "'./sda' is a device"),
        ("character device", "'./null' is a device"),
        ("pipe", "'./pipe' is a named pipe"),
        ("twice", "'x' is in it twice"),
    ];

    [TestMethod]
    [DataRow("xz")]
    [DataRow("zst")]
    [DataRow("gz")]
    [DataRow("")]
    public async Task A_member_that_is_cut_off_or_spoilt_is_refused_wherever_it_is(string compression)
    {
        var content = Convert.ToHexString(System.Security.Cryptography.SHA256.HashData("seed"u8));
        var whole = new TestDeb { Compression = compression, InstalledSize = 100, Entries = [.. Enumerable.Range(0, 60).Select(i => TestDeb.File($"./{i}", content + i))] };
        using (var folder = new TempDirectory())
        {
            Assert.HasCount(60, (await whole.ExtractAsync(folder)).Entries);
        }

        // Behind the last file there are the zeros that end a tar, and of gzip a sum that .NET does not miss.
        var unnoticed = compression switch { "" => 512, "gz" => 20, _ => 0 };
        for (var lost = 1; lost < 1000; lost = (lost * 2) + 1)
        {
            await RefuseAsync(With(data => data[..^lost]), "", mayPass: lost <= unnoticed);
        }

        // A tar without compression has no check of its contents: there the hash of the .deb is all.
        if (compression.Length > 0)
        {
            for (var place = 3; place < 400; place += 37)
            {
                await RefuseAsync(With(data => [.. data[..^place], (byte)(data[^place] ^ 0x55), .. data[^(place - 1)..]]), "", mayPass: true);
            }
        }

        TestDeb With(Func<byte[], byte[]> change) => new() { Compression = compression, InstalledSize = 100, Entries = [.. Enumerable.Range(0, 60).Select(i => TestDeb.File($"./{i}", content + i))], OnData = change };
    }

    [TestMethod]
    [DataRow("xz", "something stands behind what is compressed")]
    [DataRow("zst", "something stands behind its end")]
    [DataRow("gz", "something stands behind its end")]
    public async Task A_second_stream_is_refused(string compression, string fault) =>
        await RefuseAsync(new TestDeb { Compression = compression, Entries = [TestDeb.File("./a")], OnData = data => [.. data, .. data] }, fault);

    [TestMethod]
    [DataRow("xz", "something stands behind what is compressed")]
    [DataRow("zst", "")]
    [DataRow("", "something stands behind its end")]
    public async Task Garbage_behind_the_member_is_refused(string compression, string fault) =>
        await RefuseAsync(new TestDeb { Compression = compression, Entries = [TestDeb.File("./a")], OnData = data => [.. data, .. "garbage"u8] }, fault);

    [TestMethod]
    [DataRow("xz")]
    [DataRow("zst")]
    [DataRow("gz")]
    public async Task Garbage_behind_the_tar_is_refused(string compression) =>
        await RefuseAsync(new TestDeb { Compression = compression, Entries = [TestDeb.File("./a")], OnTar = tar => [.. tar, .. "garbage"u8] }, "something stands behind its end");

    [TestMethod]
    [DataRow("xz")]
    [DataRow("zst")]
    [DataRow("gz")]
    public async Task A_member_that_unpacks_to_far_more_than_it_says_is_refused(string compression)
    {
        var bomb = new TestDeb { Compression = compression, InstalledSize = 10, Entries = [TestDeb.File("./a", new string('\0', 40 << 20))] };

        await RefuseAsync(bomb, "it has more than 16818176 bytes when unpacked");
    }

    [TestMethod]
    public async Task Limits_hold_for_what_says_that_it_is_large()
    {
        var limits = DebLimits.Default with { MaxDataSize = 1 << 20, MaxEntries = 20, MaxControlSize = 64 << 10 };

        await RefuseAsync(new TestDeb { InstalledSize = null, Entries = [TestDeb.File("./a", new string('x', 2 << 20))] }, "it has more than 1048576 bytes when unpacked", limits);
        await RefuseAsync(new TestDeb { InstalledSize = int.MaxValue, Entries = [TestDeb.File("./a", new string('x', 2 << 20))] }, "it has more than 1048576 bytes when unpacked", limits);
        await RefuseAsync(new TestDeb { Entries = [.. Enumerable.Range(0, 30).Select(i => TestDeb.Folder($"./{i}"))] }, "it has more than 20 entries", limits);
        await RefuseAsync(new TestDeb { ControlFiles = { ["md5sums"] = new string('x', 100 << 10) } }, "it has more than 65536 bytes when unpacked", limits);
    }

    [TestMethod]
    public async Task What_is_no_package_is_refused()
    {
        var sound = new TestDeb().ToBytes();
        (byte[] File, string Fault)[] cases =
        [
            ([], "it is no ar archive"),
            (Encoding.ASCII.GetBytes("<html>not found</html>"), "it is no ar archive"),
            (sound[..30], "something in it is no member of an ar archive"),
            (sound[..200], "its member control.tar has"),
            ([.. sound, .. "garbage"u8], "something in it is no member of an ar archive"),
            ([.. "!<arch>\n"u8, .. TestDeb.Member("debian-binary", "2.0\n"u8.ToArray())], "its members are not those of a package, but debian-binary"),
            ([.. "!<arch>\n"u8, .. TestDeb.Member("debian-binary", "3.0\n"u8.ToArray()), .. sound[72..]], "it is of another format than 2"),
            ([.. "!<arch>\n"u8, .. TestDeb.Member("debian-binary", "2.0\n"u8.ToArray(), size: 999_999_999)], "its member debian-binary has 999999999 bytes"),
            ([.. sound, .. TestDeb.Member("data.tar", [])], "its members are not those of a package"),
            ([.. "!<arch>\n"u8, .. Enumerable.Range(0, 20).SelectMany(i => TestDeb.Member($"_{i}", []))], "it has more than 16 members"),
            (Encoding.Latin1.GetBytes(Encoding.Latin1.GetString(sound).Replace("data.tar  ", "data.tar.lz", StringComparison.Ordinal).Replace("data.tar.lz ", "data.tar.lz", StringComparison.Ordinal)), ""),
        ];

        foreach (var (file, fault) in cases)
        {
            await RefuseAsync(file, new PackageIdentity("demo", "1.0-1", "amd64", Digest.Of(file)), fault);
        }
    }

    [TestMethod]
    public async Task A_control_file_that_says_two_things_is_refused()
    {
        await RefuseAsync(new TestDeb { Fields = "Version: 2.0\n" }, "has the field Version for the second time");
        await RefuseAsync(new TestDeb { Fields = "\nPackage: other\n" }, "its control file has more than one paragraph");
        await RefuseAsync(new TestDeb { ControlFiles = { ["control"] = "Package: other\n" } }, "'./control' is in its control member twice");
    }

    private Task RefuseAsync(TestDeb deb, string fault, DebLimits? limits = null, bool mayPass = false)
    {
        var bytes = deb.ToBytes();
        return RefuseAsync(bytes, new PackageIdentity(deb.Name, deb.Version, deb.Architecture, Digest.Of(bytes)), fault, limits, mayPass);
    }

    /// <param name="mayPass">For damage that a format does not notice; what is unpacked then is what the .deb's hash covers.</param>
    private async Task RefuseAsync(byte[] deb, PackageIdentity identity, string fault, DebLimits? limits = null, bool mayPass = false)
    {
        using var folder = new TempDirectory();
        var path = folder["demo.deb"];
        await File.WriteAllBytesAsync(path, deb, TestContext.CancellationToken);
        MultiArchException? refused = null;
        try
        {
            await DebFile.ExtractAsync(path, identity, folder["packages"], limits ?? DebLimits.Default, TestContext.CancellationToken);
        }
        catch (MultiArchException e)
        {
            refused = e;
        }

        if (refused is null && mayPass)
        {
            return;
        }

        Assert.IsNotNull(refused, $"not refused: {fault}");
        Assert.AreEqual(DiagnosticCodes.PackageDamaged, refused.Code);
        Assert.StartsWith($"The package {identity} is not laid down: ", refused.Message);
        Assert.Contains(fault, refused.Message);
        Assert.DoesNotContain('\n', refused.Message);
        Assert.IsEmpty(Directory.EnumerateFileSystemEntries(folder["packages"]), "nothing is left");
    }
}
