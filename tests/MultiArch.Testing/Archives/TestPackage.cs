using System.Security.Cryptography;
using System.Text;

namespace MultiArch.Testing.Archives;

/// <summary>A Debian package of a test, built by dpkg-deb.</summary>
/// <param name="Architecture">Debian's name.</param>
public sealed record TestPackage(string Name, string Version, string Architecture = "all")
{
    /// <summary>Of the control file, beside those that every package has: <c>Depends</c>, <c>Provides</c>, …</summary>
    public IReadOnlyDictionary<string, string> Fields { get; init; } = new Dictionary<string, string>();

    public IReadOnlyList<TestFile> Files { get; init; } = [];

    /// <summary>Texts by name: <c>postinst</c>, <c>conffiles</c>, …</summary>
    public IReadOnlyDictionary<string, string> ControlFiles { get; init; } = new Dictionary<string, string>();

    public string Control => string.Concat(
        new Dictionary<string, string>
        {
            ["Package"] = Name,
            ["Version"] = Version,
            ["Architecture"] = Architecture,
            ["Maintainer"] = "A test <test@example.org>",
            ["Priority"] = "optional",
            ["Section"] = "misc",
            ["Installed-Size"] = "10",
            ["Description"] = $"{Name} of a test",
        }
        .Concat(Fields).GroupBy(pair => pair.Key, StringComparer.OrdinalIgnoreCase).Select(pair => $"{pair.Key}: {pair.Last().Value}\n"));

    public string FileName => $"{Name}_{Version[(Version.IndexOf(':') + 1)..]}_{Architecture}.deb";

    /// <summary>Builds the package.</summary>
    /// <param name="folder">Gets the file.</param>
    /// <param name="compression">Of its members: <c>xz</c>, <c>zstd</c>, <c>gzip</c> or <c>none</c>.</param>
    /// <returns>The absolute path.</returns>
    public async Task<string> BuildAsync(string folder, string compression = "xz")
    {
        Tool.Require("dpkg-deb");
        using var root = new TempDirectory();
        foreach (var file in Files)
        {
            file.Write(root.Path);
        }

        var sums = Files.Where(file => file.LinkTarget is null)
            .Select(file => $"{Md5(file.Content)}  {file.Path}\n");
        root.Write("DEBIAN/control", Control);
        root.Write("DEBIAN/md5sums", string.Concat(sums));
        foreach (var (name, text) in ControlFiles)
        {
            var path = root.Write($"DEBIAN/{name}", text);
            if (text.StartsWith("#!", StringComparison.Ordinal) && !OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(path, Directories);
            }
        }

        if (!OperatingSystem.IsWindows())
        {
            // The folder of a test is private, and that of a package is the root of a system.
            foreach (var path in Directory.EnumerateDirectories(root.Path, "*", SearchOption.AllDirectories).Append(root.Path))
            {
                File.SetUnixFileMode(path, Directories);
            }
        }

        Directory.CreateDirectory(folder);
        var deb = Path.Combine(folder, FileName);
        var build = new CommandLine("dpkg-deb", "--root-owner-group", $"-Z{compression}", "-z1", "--build", root.Path, deb)
        {
            Environment = new Dictionary<string, string?> { ["SOURCE_DATE_EPOCH"] = "1700000000" },
        };
        (await build.RunAsync()).ShouldSucceed();
        return deb;
    }

    private const UnixFileMode Directories = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

#pragma warning disable CA5351 // The format's own sums.
    private static string Md5(string content) => Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes(content)));
#pragma warning restore CA5351
}
