using System.Text.RegularExpressions;
using Microsoft.Build.Framework;
using MultiArch.Debian;
using MultiArch.Debian.Control;
using MultiArch.Debian.RootFileSystem;
using MultiArch.Oci;

namespace MultiArch.Build;

/// <summary>Reads the items <c>MultiArchOSPackage</c>, <c>MultiArchOSPackageExclude</c> and <c>MultiArchOSPackageSource</c>.</summary>
internal static partial class OSPackageItems
{
    /// <summary>Debian's own name for <c>=</c> and its relatives, at the beginning of a <c>Version</c>.</summary>
    private static readonly string[] Operators = ["<<", "<=", ">=", ">>", "="];

    /// <returns>Each as in a <c>Depends</c> field.</returns>
    /// <exception cref="MultiArchException"><see cref="DiagnosticCodes.InvalidOSPackage"/>.</exception>
    public static IReadOnlyList<string> ReadRequests(ITaskItem[] items) => [.. items.Select(ReadRequest).Distinct(StringComparer.Ordinal)];

    /// <param name="byDefault">Whether what no app needs is left out too, unless it is asked for.</param>
    /// <returns>Names of packages, and then patterns of paths, of which the last that fits counts.</returns>
    /// <exception cref="MultiArchException"><see cref="DiagnosticCodes.InvalidOSPackageExclude"/>.</exception>
    public static IReadOnlyList<string> ReadExcludes(ITaskItem[] items, bool byDefault, IReadOnlyList<string> requests)
    {
        var asked = requests.SelectMany(request => Dependency.Parse(request).Alternatives).Select(relation => relation.Name).ToHashSet(StringComparer.Ordinal);
        var own = items.Select(ReadExclude).Distinct(StringComparer.Ordinal).ToList();
        var names = own.Where(exclude => !IsPattern(exclude)).Concat(byDefault ? DefaultExcludes.Packages.Where(name => !asked.Contains(name)) : []);
        return [.. names.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal), .. byDefault ? FileFilter.DefaultPatterns : [], .. own.Where(IsPattern)];
    }

    /// <param name="projectDirectory">What a relative keyring is relative to.</param>
    /// <exception cref="MultiArchException"><see cref="DiagnosticCodes.InvalidOSPackageSource"/>.</exception>
    public static IReadOnlyList<PlannedSource> ReadSources(ITaskItem[] items, string projectDirectory) => [.. items.Select(item => ReadSource(item, projectDirectory))];

    private static bool IsPattern(string exclude) => exclude.Contains('/');

    private static string ReadRequest(ITaskItem item)
    {
        var text = item.ItemSpec.Trim();
        var version = item.GetMetadata("Version").Trim();
        try
        {
            if (version.Length > 0)
            {
                if (text.AsSpan().ContainsAny('|', '('))
                {
                    throw new FormatException("Version belongs to one name: write it behind each, such as 'libicu74 (= 74.2-1) | libicu72'");
                }

                var comparison = Operators.FirstOrDefault(symbol => version.StartsWith(symbol, StringComparison.Ordinal)) ?? "";
                text = $"{text} ({(comparison.Length > 0 ? comparison : "=")} {version[comparison.Length..].Trim()})";
            }

            Dependency.Parse(text);
            return text;
        }
        catch (FormatException e)
        {
            throw new MultiArchException(
                DiagnosticCodes.InvalidOSPackage,
                $"MultiArchOSPackage '{OneLine.Of(item.ItemSpec)}' cannot be used: {OneLine.Of(e.Message).TrimEnd('.')}. Write a name such as libicu72, alternatives such as libicu74 | libicu72, and a version as Version=\"72.1-3\".",
                e);
        }
    }

    private static string ReadExclude(ITaskItem item)
    {
        var text = item.ItemSpec.Trim();
        return item.GetMetadata("RecursiveDir").Length > 0 ? throw InvalidExclude(item, "MSBuild has replaced a pattern by what this machine has there")
            : text.TrimStart('!').StartsWith('/') && !text.Split('/').Any(part => part is "." or "..") ? text
            : PackageName().IsMatch(text) ? text
            : throw InvalidExclude(item, "it is neither a package's name nor an absolute path");
    }

    private static MultiArchException InvalidExclude(ITaskItem item, string why) => new(
        DiagnosticCodes.InvalidOSPackageExclude,
        $"MultiArchOSPackageExclude '{OneLine.Of(item.ItemSpec)}' cannot be used: {why}. Name a package, or files as /usr/share/doc/ (all below) or /usr/lib/%2A.a, with %2A for the asterisk.");

    private static PlannedSource ReadSource(ITaskItem item, string projectDirectory)
    {
        var suite = item.GetMetadata("Suite").Trim();
        var components = item.GetMetadata("Components").Split([' ', ',', ';'], StringSplitOptions.RemoveEmptyEntries);
        var signedBy = item.GetMetadata("SignedBy").Trim();
        var fault = !Uri.TryCreate(item.ItemSpec, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https" or "file") ? "it is no http, https or file address"
            : uri.UserInfo.Length > 0 ? "it holds a name or a password, which would stand in logs and in the lock, and has its place in /etc/apt/auth.conf"
            : suite.Length == 0 ? "it has no Suite"
            : suite.EndsWith('/') ? "an archive without components is not read"
            : components.Length == 0 ? "it has no Components"
            : null;
        return fault is null
            ? new PlannedSource(item.ItemSpec.TrimEnd('/'), suite, components, signedBy.Length > 0 ? Path.GetFullPath(signedBy, projectDirectory) : null)
            : throw new MultiArchException(
                DiagnosticCodes.InvalidOSPackageSource,
                $"MultiArchOSPackageSource '{OneLine.Of(item.ItemSpec)}' cannot be used: {fault}. Write <MultiArchOSPackageSource Include=\"https://…/debian\" Suite=\"bookworm\" Components=\"main\" />, and SignedBy=\"keyring.gpg\" if the host does not trust its key.");
    }

    /// <summary>https://www.debian.org/doc/debian-policy/ch-controlfields.html#source.</summary>
    [GeneratedRegex(@"^[a-z0-9][a-z0-9+.\-]+$", RegexOptions.CultureInvariant)]
    private static partial Regex PackageName();
}
