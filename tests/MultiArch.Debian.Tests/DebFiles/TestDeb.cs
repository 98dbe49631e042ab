using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using MultiArch.Debian.DebFiles;
using MultiArch.Oci;
using MultiArch.Testing;

namespace MultiArch.Debian.Tests.DebFiles;

/// <summary>A package made byte by byte, so that each of them can be wrong.</summary>
internal sealed class TestDeb
{
    public string Name { get; init; } = "demo";

    public string Version { get; init; } = "1.0-1";

    public string Architecture { get; init; } = "amd64";

    /// <summary>Kibibytes; null leaves the field out.</summary>
    public int? InstalledSize { get; init; } = 10;

    /// <summary>Further lines of the control file, each with its line feed.</summary>
    public string Fields { get; init; } = "";

    /// <summary>Other files of the control member.</summary>
    public Dictionary<string, string> ControlFiles { get; init; } = [];

    public List<TarEntry> Entries { get; init; } = [];

    /// <summary>Changes the unpacked tar of the data member.</summary>
    public Func<byte[], byte[]> OnTar { get; init; } = tar => tar;

    /// <summary>Compresses the data member; its name's ending is <see cref="Compression"/>.</summary>
    public Func<byte[], byte[]> OnData { get; init; } = data => data;

    /// <summary><c>xz</c>, <c>zst</c>, <c>gz</c> or empty.</summary>
    public string Compression { get; init; } = "";

    public static TarEntry File(string path, string content = "content", string mode = "644") => new GnuTarEntry(TarEntryType.RegularFile, path)
    {
        Mode = (UnixFileMode)Convert.ToInt32(mode, 8),
        DataStream = new MemoryStream(Encoding.UTF8.GetBytes(content)),
    };

    public static TarEntry Folder(string path, string mode = "755") => new GnuTarEntry(TarEntryType.Directory, path) { Mode = (UnixFileMode)Convert.ToInt32(mode, 8) };

    public static TarEntry Link(string path, string target) => new GnuTarEntry(TarEntryType.SymbolicLink, path) { LinkName = target, Mode = (UnixFileMode)Convert.ToInt32("777", 8) };

    public static TarEntry HardLink(string path, string target) => new GnuTarEntry(TarEntryType.HardLink, path) { LinkName = target };

    /// <summary>The package as a file of the folder, and what it is.</summary>
    public (string Path, PackageIdentity Identity) Write(TempDirectory folder)
    {
        var bytes = ToBytes();
        var path = folder[$"{Guid.NewGuid():N}.deb"];
        System.IO.File.WriteAllBytes(path, bytes);
        return (path, new PackageIdentity(Name, Version, Architecture, Digest.Of(bytes)));
    }

    public async Task<ExtractedPackage> ExtractAsync(TempDirectory folder)
    {
        var (path, identity) = Write(folder);
        return await DebFile.ExtractAsync(path, identity, folder["packages"], DebLimits.Default, CancellationToken.None);
    }

    public byte[] ToBytes()
    {
        var control = new StringBuilder($"Package: {Name}\nVersion: {Version}\nArchitecture: {Architecture}\nMaintainer: Nobody <nobody@example.org>\n");
        control.Append(InstalledSize is { } size ? $"Installed-Size: {size}\n" : "").Append(Fields).Append("Description: a package of the tests\n");
        var controlTar = Tar([File("./control", control.ToString()), .. ControlFiles.Select(file => File($"./{file.Key}", file.Value))]);
        var data = OnData(Compress(OnTar(Tar([Folder("./"), .. Entries])), Compression));
        return
        [
            .. "!<arch>\n"u8,
            .. Member("debian-binary", "2.0\n"u8.ToArray()),
            .. Member("control.tar", controlTar),
            .. Member(Compression.Length > 0 ? $"data.tar.{Compression}" : "data.tar", data),
        ];
    }

    public static byte[] Member(string name, byte[] content, long? size = null) =>
    [
        .. Encoding.ASCII.GetBytes($"{name,-16}{"0",-12}{"0",-6}{"0",-6}{"100644",-8}{size ?? content.Length,-10}`\n"),
        .. content,
        .. (content.Length % 2 == 1 ? "\n"u8 : ""u8),
    ];

    public static byte[] Compress(byte[] tar, string compression)
    {
        switch (compression)
        {
            case "":
                return tar;
            case "gz":
                using (var compressed = new MemoryStream())
                {
                    using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest))
                    {
                        gzip.Write(tar);
                    }

                    return compressed.ToArray();
                }

            default:
                var tool = compression == "xz" ? "xz" : "zstd";
                Tool.Require(tool);
                using (var folder = new TempDirectory())
                {
                    System.IO.File.WriteAllBytes(folder["tar"], tar);
                    new CommandLine(tool, "-q", folder["tar"]).RunAsync().GetAwaiter().GetResult().ShouldSucceed();
                    return System.IO.File.ReadAllBytes(folder[$"tar.{compression}"]);
                }
        }
    }

    private static byte[] Tar(IEnumerable<TarEntry> entries)
    {
        using var bytes = new MemoryStream();
        using (var writer = new TarWriter(bytes, TarEntryFormat.Gnu, leaveOpen: true))
        {
            foreach (var entry in entries)
            {
                writer.WriteEntry(entry);
            }
        }

        return bytes.ToArray();
    }
}
