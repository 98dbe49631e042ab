using MultiArch.Debian.Resolver;
using MultiArch.Debian.Sources;
using MultiArch.Oci;
using MultiArch.Oci.Contents;

namespace MultiArch.Debian.Bases;

/// <summary>What a base image is made of, as far as packages are concerned.</summary>
/// <param name="Name">Of the image, for messages.</param>
/// <param name="Tree">Read with <see cref="Selection"/>; empty for <c>scratch</c>.</param>
/// <param name="IsScratch">Whether packages are all that there is.</param>
public sealed record BaseSystem(string Name, MergedTree Tree, bool IsScratch, AptConfiguration Apt, InstalledPackages Installed)
{
    private const string Status = "var/lib/dpkg/status";
    private const string StatusFolder = "var/lib/dpkg/status.d";
    private const string Md5Sums = ".md5sums";

    /// <summary>Where other distributions keep their records, and what to call them.</summary>
    private static readonly (string Path, string Kind)[] Others =
    [
        ("lib/apk/db/installed", "Alpine's (apk)"),
        ("usr/lib/apk/db/installed", "Alpine's (apk)"),
        ("var/lib/rpm", "of another kind (rpm)"),
        ("usr/lib/sysimage/rpm", "of another kind (rpm)"),
        ("var/lib/rpmmanifest", "of another kind (rpm)"),
        ("var/lib/pacman", "of another kind (pacman)"),
    ];

    /// <summary>Which distribution it is; null where it does not say.</summary>
    public OsRelease? Release => Apt.Release;

    /// <summary>The files of a base whose bytes are needed here.</summary>
    public static ContentSelection Selection { get; } = new("packages 1", IsNeeded);

    /// <exception cref="MultiArchException">
    /// <see cref="DiagnosticCodes.InstalledPackagesUnreadable"/>, or what <see cref="AptConfiguration.Read"/> throws.
    /// </exception>
    public static BaseSystem Read(string name, MergedTree tree, bool isScratch)
    {
        var files = new TreeFiles(tree);
        try
        {
            return new BaseSystem(name, tree, isScratch, AptConfiguration.Read(files, $"the base image '{name}'", isLocal: false), InstalledPackages.Parse(Records(tree)));
        }
        catch (FormatException e)
        {
            throw new MultiArchException(
                DiagnosticCodes.InstalledPackagesUnreadable,
                $"The base image '{name}' has a record of its packages that cannot be read: {OneLine.Of(e.Message).TrimEnd('.')}. Ask its publisher for a sound image, or set ContainerBaseImage to another one.",
                e);
        }
    }

    /// <summary>Refuses a base on which packages of Debian make no sense.</summary>
    /// <exception cref="MultiArchException"><see cref="DiagnosticCodes.BaseHasNoDebianPackages"/>.</exception>
    public void RequireDebianPackages()
    {
        if (IsScratch)
        {
            return;
        }

        var why = Others.FirstOrDefault(other => Tree.Follow(other.Path) is not null) is { Kind: { } kind } ? $"its packages are {kind}"
            : IsChiseled() ? "it is chiseled: it holds slices of packages, and nobody can say which of their files it lacks"
            : Installed.Packages.Count == 0 ? "it has no record of packages (/var/lib/dpkg/status)"
            : null;
        if (why is not null)
        {
            throw new MultiArchException(
                DiagnosticCodes.BaseHasNoDebianPackages,
                $"MultiArchOSPackage reads packages of Debian and Ubuntu, and the base image '{Name}'{(Release is null ? "" : $" ({Release})")} has none: {why}. "
                + "Take a base of Debian or Ubuntu, such as a tag with -noble or -bookworm-slim, or ContainerBaseImage=scratch with packages alone, or make a base of your own that has what the app needs.");
        }
    }

    /// <summary>https://github.com/canonical/chisel: newer ones leave a manifest, Microsoft's older ones dpkg's status without dpkg.</summary>
    private bool IsChiseled() =>
        Tree.Follow("var/lib/chisel") is not null
        || (Release?.Id == "ubuntu" && Tree.Follow(Status) is not null && Tree.Follow("etc/apt") is null && Tree.Follow("usr/bin/dpkg") is null);

    private static IEnumerable<string> Records(MergedTree tree) =>
        new[] { Status }
            .Concat(tree.List(StatusFolder).Where(file => !file.EndsWith(Md5Sums, StringComparison.Ordinal)).Order(StringComparer.Ordinal).Select(file => $"{StatusFolder}/{file}"))
            .Select(tree.ReadFile)
            .OfType<byte[]>()
            .Select(System.Text.Encoding.UTF8.GetString);

    private static bool IsNeeded(string path) =>
        path is Status or "etc/os-release" or "usr/lib/os-release" or "etc/ssl/certs/ca-certificates.crt" or "etc/passwd" or "etc/group" or "etc/nsswitch.conf"
        || path.StartsWith("etc/apt/", StringComparison.Ordinal)
        || path.StartsWith("usr/share/keyrings/", StringComparison.Ordinal)
        || (path.StartsWith(StatusFolder, StringComparison.Ordinal) && !path.EndsWith(Md5Sums, StringComparison.Ordinal));
}
