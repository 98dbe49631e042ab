using System.Collections.Concurrent;
using MultiArch.Debian.Control;
using MultiArch.Debian.Resolver;
using MultiArch.Oci;

namespace MultiArch.Debian.Tests.Resolver;

/// <summary>The same packages in the same versions as this machine's apt-get would install, from its own sources, for both architectures.</summary>
[TestClass]
[DoNotParallelize] // apt takes what processors there are
public sealed class AptComparisonTests
{
    /// <summary>What people add to an image of a .NET app, and what is hard: alternatives, names that several provide.</summary>
    private static readonly string[] Small =
    [
        "libc6", "libicu72", "libssl3", "tzdata", "ca-certificates", "base-files", "libfontconfig1", "fonts-dejavu-core", "libgdiplus", "libgssapi-krb5-2",
        "krb5-user", "libldap-2.5-0", "curl", "libcurl4", "openssh-client", "libsqlite3-0", "unixodbc", "libpq5", "poppler-utils", "python3",
        "perl", "nginx-light", "gnupg", "busybox", "procps", "iproute2", "fonts-noto-core", "libpango-1.0-0", "redis-server", "libsnmp40", "tini",
        "libc6 libgcc-s1 libstdc++6 libssl3 libicu72 tzdata ca-certificates base-files",
        "libgdiplus fonts-dejavu-core libfontconfig1 tzdata",
        "bash coreutils dpkg apt",
        "libnss3 libatk-bridge2.0-0 libcups2 libdrm2 libgbm1 libasound2",
        "hpijs-ppds", // its alternatives are decided as apt does only when dependencies are followed depth first
        "awk", "mail-transport-agent", "default-mta", "no-such-package", "exim4",
    ];

    /// <summary>Large closures, for each of which apt works for seconds: with <c>MULTIARCH_MATRIX=full</c>.</summary>
    private static readonly string[] Large =
    [
        "git", "postgresql-client", "default-mysql-client", "imagemagick", "ghostscript", "ffmpeg", "tesseract-ocr", "graphviz", "wkhtmltopdf", "libreoffice-core",
        "chromium", "default-jre-headless", "systemd", "libvips42", "libgtk-3-0", "nodejs", "apache2", "mono-runtime",
    ];

    private static readonly string[] OnBase =
    [
        "libfontconfig1", "fonts-dejavu-core", "libgdiplus", "libgssapi-krb5-2", "krb5-user", "libldap-2.5-0", "curl", "openssh-client", "unixodbc", "libpq5",
        "libsqlite3-0", "libcurl4", "poppler-utils", "python3", "gnupg", "libpango-1.0-0", "procps", "fonts-noto-core", "libsnmp40",
        "libicu72 tzdata", "busybox",
    ];

    private static string[] More => Environment.GetEnvironmentVariable("MULTIARCH_MATRIX") is "full" ? Large : [];

    private static readonly string[] Base = ["base-files", "bash", "coreutils", "dpkg", "debconf", "libc6", "libgcc-s1", "libstdc++6", "zlib1g", "libssl3", "libicu72", "ca-certificates", "tzdata", "mawk", "grep", "sed"];

    public required TestContext TestContext { get; init; }

    [TestMethod]
    public Task An_empty_system_gets_what_apt_would_give_it() => CompareAsync([.. Small, .. More], (_, _) => "");

    [TestMethod]
    public Task A_base_gets_what_apt_would_add_to_it() => CompareAsync([.. OnBase, .. More], StatusOfBase);

    private async Task CompareAsync(string[] sets, Func<Apt, string, string> statusOf)
    {
        var apt = await Apt.GetAsync();
        var differences = new ConcurrentBag<string>();
        foreach (var architecture in Apt.Architectures)
        {
            using var system = apt.Install(architecture, statusOf(apt, architecture));
            await system.SimulateAsync(sets[0]); // alone, since it makes apt's cache for all
            await Parallel.ForEachAsync(sets, TestContext.CancellationToken, async (set, _) =>
            {
                if (await DifferenceAsync(apt, system, set) is { } difference)
                {
                    differences.Add(difference);
                }
            });
        }

        var all = sets.Length * Apt.Architectures.Length;
        TestContext.WriteLine($"{all - differences.Count} of {all} are equal to apt-get's.");
        Assert.AreEqual("", string.Join('\n', differences.Order(StringComparer.Ordinal)));
    }

    private static async Task<string?> DifferenceAsync(Apt apt, AptSystem system, string set)
    {
        var expected = await system.SimulateAsync(set);
        IReadOnlyList<string>? actual = null;
        var why = "";
        try
        {
            var requests = set.Split(' ').Select(Dependency.Parse).ToList();
            var resolution = DependencyResolver.Resolve(apt.IndexesOf(system.Architecture), InstalledPackages.Parse([system.Status]), requests, system.Architecture, []);
            actual = [.. resolution.Packages.Select(package => package.Package.ToString()).Order(StringComparer.Ordinal)];
        }
        catch (MultiArchException e)
        {
            why = e.Message;
        }

        return expected is null == actual is null && (expected ?? []).SequenceEqual(actual ?? [])
            ? null
            : $"{set} on {system.Architecture}: apt alone [{Alone(expected, actual)}], we alone [{Alone(actual, expected)}] {why}";

        static string Alone(IReadOnlyList<string>? these, IReadOnlyList<string>? others) => these is null ? "refused" : string.Join(", ", these.Except(others ?? []));
    }

    /// <summary>A base as dpkg would describe it: the closure of some packages. Their stanzas stay as they are: apt takes one that differs for another build.</summary>
    private static string StatusOfBase(Apt apt, string architecture)
    {
        var resolution = DependencyResolver.Resolve(apt.IndexesOf(architecture), InstalledPackages.None, [.. Base.Select(Dependency.Parse)], architecture, []);
        return string.Concat(resolution.Packages.Select(package => $"{apt.StanzaOf(architecture, package)}Status: install ok installed\n\n"));
    }
}
