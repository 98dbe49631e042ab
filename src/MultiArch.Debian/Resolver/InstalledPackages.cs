using MultiArch.Debian.Control;

namespace MultiArch.Debian.Resolver;

/// <summary>What a system has already: dpkg's <c>status</c>, or the files of <c>status.d</c> that distroless images have in its place.</summary>
/// <remarks>
/// https://manpages.debian.org/bookworm/dpkg/dpkg.1.en.html#PACKAGE_STATES, and
/// https://github.com/GoogleContainerTools/distroless/blob/main/PACKAGE_METADATA.md for what has no state.
/// </remarks>
public sealed class InstalledPackages
{
    private readonly Dictionary<string, BinaryPackage> _packages = new(StringComparer.Ordinal);
    private readonly ILookup<string, BinaryPackage> _providers;

    private InstalledPackages(IEnumerable<BinaryPackage> packages)
    {
        foreach (var package in packages)
        {
            _packages[package.Name] = package;
        }

        _providers = _packages.Values
            .SelectMany(package => package.Provides.Select(provision => provision.Name).Distinct(StringComparer.Ordinal).Select(name => (Name: name, Package: package)))
            .ToLookup(provider => provider.Name, provider => provider.Package, StringComparer.Ordinal);
    }

    public static InstalledPackages None { get; } = new([]);

    /// <summary>In no order.</summary>
    public IReadOnlyCollection<BinaryPackage> Packages => _packages.Values;

    /// <param name="texts">Each file whole.</param>
    /// <exception cref="FormatException">One of them is no record of packages.</exception>
    public static InstalledPackages Parse(IEnumerable<string> texts) =>
        new(texts.SelectMany(ControlParagraph.ParseAll).Where(IsInstalled).Select(BinaryPackage.From));

    public BinaryPackage? Find(string name) => _packages.GetValueOrDefault(name);

    public BinaryPackage? FindSatisfying(Relation relation, string architecture) =>
        _packages.GetValueOrDefault(relation.Name) is { } own && own.Satisfies(relation, architecture)
            ? own
            : _providers[relation.Name].FirstOrDefault(package => package.Satisfies(relation, architecture));

    /// <summary>The third word of <c>Status</c>; a package that was removed stays in the file.</summary>
    private static bool IsInstalled(ControlParagraph paragraph) =>
        paragraph["Package"] is not null
        && (paragraph["Status"]?.Split(' ', StringSplitOptions.RemoveEmptyEntries) is not [_, _, var state] || state is "installed" or "unpacked" or "half-configured" or "triggers-awaited" or "triggers-pending");
}
