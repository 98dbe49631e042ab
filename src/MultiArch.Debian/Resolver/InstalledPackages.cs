using MultiArch.Debian.Control;

namespace MultiArch.Debian.Resolver;

/// <summary>What a system has already: dpkg's <c>status</c>, or the files of <c>status.d</c> that distroless images have in its place.</summary>
/// <remarks>
/// https://manpages.debian.org/bookworm/dpkg/dpkg.1.en.html#PACKAGE_STATES, and
/// https://github.com/GoogleContainerTools/distroless/blob/main/PACKAGE_METADATA.md for what has no state.
/// </remarks>
public sealed class InstalledPackages
{
    private readonly List<BinaryPackage> _packages;

    private InstalledPackages(IEnumerable<BinaryPackage> packages) =>
        _packages = [.. packages.DistinctBy(package => (package.Name, package.Architecture))];

    public static InstalledPackages None { get; } = new([]);

    /// <summary>In the order of the files; a package once for each architecture.</summary>
    public IReadOnlyList<BinaryPackage> Packages => _packages;

    /// <param name="texts">Each file whole. Of a package that several describe the first one counts.</param>
    /// <exception cref="FormatException">One of them is no record of packages; the message names the package or the line.</exception>
    public static InstalledPackages Parse(IEnumerable<string> texts) => new(texts.SelectMany(Read));

    /// <param name="files">
    /// Each whole, with its path for errors, <c>status</c> before <c>status.d</c>: of a package that several describe the first one counts.
    /// The lists of checksums beside those in <c>status.d</c> are passed over.
    /// </param>
    /// <exception cref="FormatException">One of them is no record of packages; the message begins with its path.</exception>
    public static InstalledPackages Parse(IEnumerable<(string Path, string Text)> files) =>
        new(files.Where(file => !file.Path.EndsWith(".md5sums", StringComparison.Ordinal)).SelectMany(file =>
        {
            try
            {
                return Read(file.Text);
            }
            catch (FormatException e)
            {
                throw new FormatException($"{Oci.OneLine.Of(file.Path)}: {e.Message}", e);
            }
        }));

    private static List<BinaryPackage> Read(string text) => [.. ControlParagraph.ParseAll(text).Where(IsInstalled).Select(BinaryPackage.FromInstalled)];

    /// <summary>By the third word of <c>Status</c>: what was removed stays in the file. Where there is no such field, what is described is there.</summary>
    private static bool IsInstalled(ControlParagraph paragraph) =>
        paragraph["Status"]?.Split(' ', StringSplitOptions.RemoveEmptyEntries) is not [.., var state]
        || state is "installed" or "unpacked" or "half-configured" or "triggers-awaited" or "triggers-pending";
}
