using System.Text.RegularExpressions;
using MultiArch.Debian.DebFiles;
using MultiArch.Oci;

namespace MultiArch.Debian.RootFileSystem;

/// <summary>Finds packages whose maintainer scripts, which never run, do more than is made up for.</summary>
internal static partial class ScriptEffects
{
    private static readonly string[] InstallingScripts = ["preinst", "postinst"];

    /// <summary>Commands whose effect an image lacks, and what that is.</summary>
    private static readonly (Regex Command, string Effect)[] Effects =
    [
        (Command("update-alternatives"), "chooses what a common name such as /usr/bin/editor or a library's leads to (update-alternatives)"),
        (Command("adduser|addgroup|useradd|groupadd|systemd-sysusers"), "makes a user or a group"),
        (Command("systemctl|deb-systemd-helper|deb-systemd-invoke|invoke-rc.d|update-rc.d|update-inetd"), "registers or starts a service"),
        (Command("dpkg-divert"), "puts another package's file aside (dpkg-divert)"),
        (Command("dpkg-statoverride|setcap"), "changes the owner, mode or capabilities of a file"),
        (Command("glib-compile-schemas|gio-querymodules|gdk-pixbuf-query-loaders|gtk-query-immodules-[0-9.]+|gtk-update-icon-cache|update-icon-caches|update-mime-database|update-desktop-database"), "builds a cache that programs read"),
        (Command("ucf|ucfr"), "makes a configuration file from a template (ucf)"),
        (Command("update-xmlcatalog|update-catalog|mktexlsr|update-texmf|locale-gen|update-initramfs"), "makes files of what several packages bring"),
    ];

    /// <summary>
    /// Packages whose scripts' effects are made here (base-files, base-passwd, ca-certificates), do not show in an image (restarts of services
    /// when libc is upgraded, a cache of fonts that is made when it is missing), or come only with files of other packages, which are looked at themselves.
    /// </summary>
    [GeneratedRegex(@"^(base-files|base-passwd|ca-certificates|tzdata|tzdata-legacy|debconf|debianutils|libc6|libc-bin|libssl[0-9.]+(t64)?|fontconfig|fontconfig-config|libglib2\.0-0(t64)?)$", RegexOptions.CultureInvariant)]
    private static partial Regex Known();

    /// <summary>Directories in which the loader of every architecture looks by itself, beside those of its own triplet.</summary>
    [GeneratedRegex(@"^/(usr/)?(local/)?lib(32|64|x32)?(/[a-z0-9_]+-linux-gnu[a-z0-9]*)?$", RegexOptions.CultureInvariant)]
    private static partial Regex DefaultLibraryFolder();

    public static IEnumerable<PackageWarning> Find(IEnumerable<ExtractedPackage> packages) =>
        packages.OrderBy(package => package.Name, StringComparer.Ordinal)
            .Select(package => (Package: package, Effects: EffectsOf(package).ToList()))
            .Where(found => found.Effects.Count > 0)
            .Select(found => new PackageWarning(
                DiagnosticCodes.ScriptNotRun,
                found.Package.Name,
                $"The package {found.Package} {string.Join("; it ", found.Effects)}, by a script that does not run here. If the app needs that, do it with MultiArchFile or in a base image of your own."));

    private static IEnumerable<string> EffectsOf(ExtractedPackage package)
    {
        if (!Known().IsMatch(package.Name))
        {
            // What a removal undoes is of no interest.
            var commands = string.Join('\n', InstallingScripts.Select(name => Commands(package.Scripts.GetValueOrDefault(name))));
            foreach (var (command, effect) in Effects)
            {
                if (command.IsMatch(commands))
                {
                    yield return effect;
                }
            }
        }

        if (package.Entries.Any(entry => entry.Path.StartsWith("usr/share/glib-2.0/schemas/", StringComparison.Ordinal) && entry.Path.EndsWith(".gschema.xml", StringComparison.Ordinal)))
        {
            yield return "brings settings that have to be compiled (glib-compile-schemas)";
        }

        foreach (var folder in LibraryFolders(package))
        {
            yield return $"has the loader look for libraries in {OneLine.Of(folder, 100)} (ldconfig; LD_LIBRARY_PATH does the same)";
        }
    }

    private static IEnumerable<string> LibraryFolders(ExtractedPackage package) =>
        package.Entries
            .Where(entry => entry.Path.StartsWith("etc/ld.so.conf.d/", StringComparison.Ordinal) && entry is { Sha256: not null, Size: < 64 * 1024 })
            .SelectMany(entry => File.ReadLines(package.SourceOf(entry)))
            .Select(line => line.Split('#')[0].Trim())
            .Where(line => line.StartsWith('/') && !DefaultLibraryFolder().IsMatch(line))
            .Distinct();

    /// <summary>The lines of a script that do something: without comments, and without what takes something back.</summary>
    private static string Commands(string? script) =>
        string.Join('\n', (script ?? "").Split('\n').Where(line => !line.TrimStart().StartsWith('#') && !Undoing().IsMatch(line)));

    private static Regex Command(string names) => new($@"(?<![\w.-])({names})(?![\w-])", RegexOptions.CultureInvariant);

    [GeneratedRegex(@"--(remove|list|query|remove-all)\b|^\s*(echo|printf)\b", RegexOptions.CultureInvariant)]
    private static partial Regex Undoing();
}
