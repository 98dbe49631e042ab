using System.Text;
using MultiArch.Oci.Contents;
using MultiArch.Oci.Inspection;

namespace MultiArch.Oci.Verification;

/// <summary>Where the dynamic loaders of an image look for libraries, whatever file asks.</summary>
/// <remarks>https://man7.org/linux/man-pages/man8/ld.so.8.html and https://git.musl-libc.org/cgit/musl/tree/ldso/dynlink.c?h=v1.2.5</remarks>
internal sealed class SearchFolders
{
    private static readonly string[] Common = ["lib", "usr/lib"];

    private SearchFolders(IReadOnlyList<string> glibc, IReadOnlyList<string> musl)
    {
        Glibc = glibc;
        Musl = musl;
    }

    public IReadOnlyList<string> Glibc { get; }

    public IReadOnlyList<string> Musl { get; }

    /// <param name="libraryPath">As in <c>LD_LIBRARY_PATH</c>; may be empty.</param>
    public static SearchFolders Of(MergedTree tree, BinaryPlatform platform, string libraryPath)
    {
        var first = Absolute(libraryPath.Split(':', ';'));
        var processor = ProcessorOf(platform);
        string[] multiarch = [$"{processor}-linux-gnu", $"{processor}-linux-gnueabihf"];
        string[] musl = [$"lib/{processor}-linux-musl", $"usr/lib/{processor}-linux-musl"];
        var configured = tree.List("etc/ld.so.conf.d").Select(name => $"etc/ld.so.conf.d/{name}").Prepend("etc/ld.so.conf").SelectMany(path => Lines(tree, path));
        var own = tree.ReadFile($"etc/ld-musl-{MuslNameOf(platform)}.path") is { } paths ? Absolute(Encoding.UTF8.GetString(paths).Split('\n', ':')) : [.. Common, "usr/local/lib"];
        return new SearchFolders(
            [.. first, .. Absolute(configured), .. multiarch.SelectMany(name => Common.Select(folder => $"{folder}/{name}")), .. Common, "lib64", "usr/lib64"],
            [.. first, .. own, .. musl]);
    }

    /// <summary>Whether a folder is of musl alone, in an image that has both.</summary>
    public static bool IsOfMusl(string folder) => folder.EndsWith("-linux-musl", StringComparison.Ordinal);

    private static IReadOnlyList<string> Absolute(IEnumerable<string> folders) =>
        [.. folders.Select(folder => folder.Trim()).Where(folder => folder.StartsWith('/')).Select(folder => folder.Trim('/'))];

    private static string[] Lines(MergedTree tree, string path) => tree.ReadFile(path) is { } bytes ? Encoding.UTF8.GetString(bytes).Split('\n') : [];

    /// <summary>As musl names the processor: <c>x86_64</c>.</summary>
    private static string MuslNameOf(BinaryPlatform platform) => platform.MuslLoader.Split("ld-musl-")[1].Split('.')[0];

    /// <summary>As Debian's folders name the processor.</summary>
    private static string ProcessorOf(BinaryPlatform platform) => MuslNameOf(platform) switch
    {
        "armhf" => "arm",
        var name => name,
    };
}
