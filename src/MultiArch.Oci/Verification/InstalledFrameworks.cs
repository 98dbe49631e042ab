using System.Text;
using MultiArch.Oci.Contents;

namespace MultiArch.Oci.Verification;

/// <summary>.NET's shared frameworks in an image: <c>Microsoft.AspNetCore.App</c> and its versions.</summary>
/// <remarks>https://learn.microsoft.com/dotnet/core/tools/dotnet-environment-variables#dotnet_root-dotnet_rootx86-dotnet_root_x86-dotnet_root_x64 and https://github.com/dotnet/designs/blob/main/accepted/2021/install-location-per-architecture.md</remarks>
public sealed class InstalledFrameworks
{
    private readonly Dictionary<string, List<string>> _versions = new(StringComparer.OrdinalIgnoreCase);

    /// <param name="environment">The container's variables.</param>
    public InstalledFrameworks(MergedTree tree, IReadOnlyDictionary<string, string> environment)
    {
        Roots = [.. RootsOf(tree, environment).Where(root => tree.Follow($"{root}/shared") is not null).Select(root => "/" + tree.Resolve(root, followsLast: true).Path).Distinct()];
        foreach (var shared in Roots.Select(root => $"{root}/shared"))
        {
            foreach (var name in tree.List(shared))
            {
                _versions.TryAdd(name, []);
                _versions[name].AddRange(tree.List($"{shared}/{name}"));
            }
        }
    }

    /// <summary>Folders in which .NET is installed, such as <c>/usr/share/dotnet</c>.</summary>
    public IReadOnlyList<string> Roots { get; }

    /// <summary>Such as <c>Microsoft.NETCore.App</c>.</summary>
    public IReadOnlyCollection<string> Names => _versions.Keys;

    /// <summary>Such as <c>10.0.1</c>; none when the framework is not there.</summary>
    public IReadOnlyList<string> VersionsOf(string name) => _versions.GetValueOrDefault(name) ?? [];

    private static IEnumerable<string> RootsOf(MergedTree tree, IReadOnlyDictionary<string, string> environment)
    {
        foreach (var (name, value) in environment)
        {
            if (name.StartsWith("DOTNET_ROOT", StringComparison.Ordinal) && value.StartsWith('/'))
            {
                yield return value;
            }
        }

        foreach (var name in tree.List("etc/dotnet"))
        {
            if (tree.ReadFile($"etc/dotnet/{name}") is { } location)
            {
                yield return Encoding.UTF8.GetString(location).Trim();
            }
        }

        // A program `dotnet` knows the folder in which it lies, behind all links.
        foreach (var folder in (environment.GetValueOrDefault("PATH") ?? "").Split(':').Where(folder => folder.StartsWith('/')))
        {
            var program = tree.Resolve($"{folder}/dotnet", followsLast: true);
            if (program.Entry is not null)
            {
                yield return program.Path[..Math.Max(0, program.Path.LastIndexOf('/'))];
            }
        }

        yield return "usr/share/dotnet";
        yield return "usr/lib/dotnet";
        yield return "usr/lib64/dotnet";
    }
}
