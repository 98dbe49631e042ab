using System.Formats.Tar;
using System.Text;
using MultiArch.Oci.Contents;

namespace MultiArch.Oci.Tests.Contents;

[TestClass]
public sealed class CheckedTarStreamTests
{
    private static readonly TarLimits Limits = new(MaxEntries: 10, MaxBytes: 1 << 20, MaxMetadata: 1024, RequiresEnd: true);

    [TestMethod]
    [DataRow(TarEntryFormat.V7)]
    [DataRow(TarEntryFormat.Ustar)]
    [DataRow(TarEntryFormat.Pax)]
    [DataRow(TarEntryFormat.Gnu)]
    public void A_sound_tar_passes_in_pieces_of_any_size(TarEntryFormat format)
    {
        var tar = Make(format, ("a", "content"), ("b", ""), (new string('c', 90), new string('x', 1500)));

        foreach (var size in new[] { 1, 511, 512, 513, tar.Length })
        {
            using var check = new CheckedTarStream(new MemoryStream(tar), Limits);
            using var copy = new MemoryStream();
            check.CopyTo(copy, size);
            CollectionAssert.AreEqual(tar, copy.ToArray());
        }
    }

    [TestMethod]
    public void What_is_read_through_it_is_what_the_tar_holds()
    {
        var long200 = new string('n', 200);
        foreach (var format in new[] { TarEntryFormat.Pax, TarEntryFormat.Gnu })
        {
            using var reader = new TarReader(new CheckedTarStream(new MemoryStream(Make(format, (long200, "text"))), Limits));

            Assert.AreEqual(long200, reader.GetNextEntry()!.Name);
            Assert.IsNull(reader.GetNextEntry());
        }
    }

    [TestMethod]
    public void Each_fault_is_found_and_named()
    {
        var sound = Make(TarEntryFormat.Ustar, ("a", "content"));
        var longName = Make(TarEntryFormat.Gnu, (new string('n', 2000), ""));
        var attributes = Make(TarEntryFormat.Pax, (new string('n', 2000), ""));
        byte[] sparse = [.. sound];
        sparse[156] = (byte)'S';
        byte[] folder = [.. sound];
        folder[156] = (byte)'5';
        byte[] number = [.. sound];
        number[124] = (byte)'x';
        byte[] huge = [.. sound];
        new byte[] { 0xFF, 0xFF }.CopyTo(huge, 124);

        (byte[] Tar, string Fault)[] cases =
        [
            (sound[..^1024], "it is cut off"),
            (sound[..600], "it is cut off"),
            (sound[..100], "it is no tar"),
            ([], "it is cut off"),
            ([.. Enumerable.Repeat((byte)'7', 2000)], "it is no tar"),
            ([.. sound, .. "garbage"u8], "something stands behind its end"),
            ([.. sound, .. sound], "something stands behind its end"),
            (Make(TarEntryFormat.Ustar, [.. Enumerable.Range(0, 11).Select(i => ($"{i}", ""))]), "it has more than 10 entries"),
            (Make(TarEntryFormat.Ustar, ("a", new string('x', 1 << 20))), "it has more than 1048576 bytes when unpacked"),
            (longName, "a name or its attributes have 2001 bytes"),
            (attributes, "a name or its attributes have "),
            (sparse, "it has a sparse file"),
            (folder, "a folder, link or device has content"),
            (number, "a size in it is no number"),
            (huge, "a size in it is no size"),
        ];

        foreach (var (tar, fault) in cases)
        {
            var found = Assert.ThrowsExactly<InvalidDataException>(() => Drain(tar, Limits), fault);
            Assert.StartsWith(fault, found.Message);
        }
    }

    /// <summary>As tars of the seventies are: a checksum and no magic.</summary>
    [TestMethod]
    public void A_tar_without_a_magic_is_one()
    {
        var tar = Make(TarEntryFormat.V7, ("a", "content"));
        Assert.AreEqual(0, tar[257]);

        Drain(tar, Limits);

        tar[148] ^= 1;
        Assert.AreEqual("it is no tar", Assert.ThrowsExactly<InvalidDataException>(() => Drain(tar, Limits)).Message);
    }

    [TestMethod]
    public void A_layer_may_stop_between_two_entries_but_not_within_one()
    {
        var sound = Make(TarEntryFormat.Ustar, ("a", "content"));

        Drain(sound[..^1024], Limits with { RequiresEnd = false });

        Assert.ThrowsExactly<InvalidDataException>(() => Drain(sound[..600], Limits with { RequiresEnd = false }));
    }

    [TestMethod]
    public void A_size_that_only_attributes_tell_is_believed()
    {
        var text = Encoding.ASCII.GetBytes("19 size=0000000600\n");
        var tar = Make(TarEntryFormat.Ustar, ("attributes", Encoding.ASCII.GetString(text)), ("a", new string('x', 600)));
        tar[156] = (byte)'x';
        "00000000000"u8.CopyTo(tar.AsSpan(1024 + 124));

        Drain(tar, Limits);
    }

    private static void Drain(byte[] tar, TarLimits limits)
    {
        using var check = new CheckedTarStream(new MemoryStream(tar), limits);
        check.CopyTo(Stream.Null);
    }

    private static byte[] Make(TarEntryFormat format, params IEnumerable<(string Name, string Content)> files)
    {
        using var bytes = new MemoryStream();
        using (var writer = new TarWriter(bytes, format, leaveOpen: true))
        {
            foreach (var (name, content) in files)
            {
                TarEntry entry = format switch
                {
                    TarEntryFormat.V7 => new V7TarEntry(TarEntryType.V7RegularFile, name),
                    TarEntryFormat.Ustar => new UstarTarEntry(TarEntryType.RegularFile, name),
                    TarEntryFormat.Pax => new PaxTarEntry(TarEntryType.RegularFile, name),
                    _ => new GnuTarEntry(TarEntryType.RegularFile, name),
                };
                entry.DataStream = new MemoryStream(Encoding.UTF8.GetBytes(content));
                writer.WriteEntry(entry);
            }
        }

        return bytes.ToArray();
    }
}
