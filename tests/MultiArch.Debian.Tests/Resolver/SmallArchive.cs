using System.Text;
using MultiArch.Debian.Control;
using MultiArch.Debian.Resolver;
using MultiArch.Oci;

namespace MultiArch.Debian.Tests.Resolver;

/// <summary>An archive for amd64, and maybe a base, of a few packages that a test writes one to a line: <c>a 1; Depends: b (&gt;= 1)</c>.</summary>
internal sealed class SmallArchive(params string[] packages)
{
    public string[] Installed { get; init; } = [];

    public string[] Excluded { get; init; } = [];

    /// <summary>Another source, such as updates.</summary>
    public string[] Further { get; init; } = [];

    public static PackageIndex IndexOf(params IEnumerable<string> packages) => PackageIndex.Parse(Encoding.UTF8.GetBytes(TextOf(packages)), "small");

    public static string TextOf(params IEnumerable<string> packages) => string.Concat(packages.Select(StanzaOf));

    public Resolution Resolve(params string[] requests) => DependencyResolver.Resolve(
        [IndexOf(packages), IndexOf(Further)],
        InstalledPackages.Parse([TextOf(Installed)]),
        [.. requests.Select(Dependency.Parse)],
        "amd64",
        Excluded);

    /// <summary>The packages, as <c>a 1, b 2</c>.</summary>
    public string Get(params string[] requests) => string.Join(", ", Resolve(requests).Packages.Select(package => package.Package));

    /// <summary>What is said in place of a resolution; its code first.</summary>
    public string Refuse(params string[] requests)
    {
        var exception = Assert.ThrowsExactly<MultiArchException>(() => Resolve(requests));
        Assert.IsFalse(exception.Message.Contains('\n', StringComparison.Ordinal), exception.Message);
        return $"{exception.Code}: {exception.Message}";
    }

    private static string StanzaOf(string package)
    {
        var parts = package.Split(';', StringSplitOptions.TrimEntries);
        var architecture = parts.Skip(1).Any(part => part.StartsWith("Architecture:", StringComparison.Ordinal)) ? "" : "Architecture: amd64\n";
        return $"Package: {parts[0].Split(' ')[0]}\nVersion: {parts[0].Split(' ')[1]}\n{architecture}{string.Concat(parts.Skip(1).Select(part => part + "\n"))}\n";
    }
}
