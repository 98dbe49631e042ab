using MultiArch.Debian.Control;

namespace MultiArch.Debian.Resolver;

/// <summary>Packages that are, or will be, on one system: who satisfies what, and who refuses whom.</summary>
internal sealed class PackageSet(string architecture)
{
    private readonly List<BinaryPackage> _packages = [];
    private readonly Dictionary<string, List<BinaryPackage>> _named = new(StringComparer.Ordinal); // by its own name, and by what it provides
    private readonly Dictionary<string, List<BinaryPackage>> _refusing = new(StringComparer.Ordinal); // by names in Conflicts and Breaks

    /// <summary>In the order in which they were added.</summary>
    public IReadOnlyList<BinaryPackage> Packages => _packages;

    public void Add(BinaryPackage package)
    {
        _packages.Add(package);
        foreach (var name in NamesOf(package))
        {
            ListOf(_named, name).Add(package);
        }

        foreach (var name in NamesRefusedBy(package))
        {
            ListOf(_refusing, name).Add(package);
        }
    }

    public BinaryPackage? Find(string name) => _named.GetValueOrDefault(name)?.Find(package => package.Name == name);

    public BinaryPackage? FindSatisfying(Relation relation) => _named.GetValueOrDefault(relation.Name)?.Find(package => package.Satisfies(relation, architecture));

    /// <summary>What does not go together with a package, whichever of the two says so; null when all does.</summary>
    public BinaryPackage? FindRefused(BinaryPackage package)
    {
        foreach (var relation in package.Conflicts.Concat(package.Breaks))
        {
            if (_named.GetValueOrDefault(relation.Name)?.Find(other => IsRefused(package, relation, other)) is { } refused)
            {
                return refused;
            }
        }

        return NamesOf(package)
            .SelectMany(name => _refusing.GetValueOrDefault(name, []))
            .FirstOrDefault(other => other.Conflicts.Concat(other.Breaks).Any(relation => IsRefused(other, relation, package)));
    }

    /// <summary>A package never refuses itself by a name that it provides (Policy §7.4).</summary>
    private bool IsRefused(BinaryPackage package, Relation relation, BinaryPackage other) =>
        package.Name != other.Name && other.Satisfies(relation, architecture);

    private static IEnumerable<string> NamesOf(BinaryPackage package) =>
        package.Provides.Select(provision => provision.Name).Prepend(package.Name).Distinct(StringComparer.Ordinal);

    private static IEnumerable<string> NamesRefusedBy(BinaryPackage package) =>
        package.Conflicts.Concat(package.Breaks).Select(relation => relation.Name).Distinct(StringComparer.Ordinal);

    private static List<BinaryPackage> ListOf(Dictionary<string, List<BinaryPackage>> lists, string name) =>
        lists.TryGetValue(name, out var list) ? list : lists[name] = [];
}
