using MultiArch.Debian.Bases;
using MultiArch.Debian.Lock;
using MultiArch.Oci;

namespace MultiArch.Debian.Sources;

/// <summary>Which archives a platform's packages come from, and whose keys vouch for them.</summary>
/// <param name="SystemName">Of that system, for messages.</param>
/// <param name="Keys">The system whose keyrings count, and in which a <see cref="PackageSource.SignedBy"/> names its files.</param>
internal sealed record SourceChoice(SourceOwner Owner, IReadOnlyList<PackageSource> Sources, IRootFiles Keys, string SystemName)
{
    /// <summary>Sources of that system which cannot be read here.</summary>
    public IReadOnlyList<SkippedSource> Skipped { get; private init; } = [];

    private const string ThisMachine = "this machine";

    /// <summary>The project's word, else the base's, else this machine's where that fits.</summary>
    /// <param name="checkValidUntil">False accepts indexes that have expired.</param>
    /// <exception cref="MultiArchException"><see cref="DiagnosticCodes.NoPackageSources"/>.</exception>
    public static SourceChoice Make(PackagePlan plan, BaseSystem system, AptConfiguration host, IRootFiles hostFiles, string architecture, bool checkValidUntil)
    {
        var choice = plan.Sources.Count > 0 ? new SourceChoice(SourceOwner.Project, [.. plan.Sources.Select(FromItem)], hostFiles, ThisMachine)
            : !system.IsScratch && system.Apt.List.Sources.Count > 0 ? new SourceChoice(SourceOwner.Base, system.Apt.List.Sources, new TreeFiles(system.Tree), $"the base image '{system.Name}'") { Skipped = system.Apt.List.Skipped }
            : OfHost(system, host, hostFiles);
        var asked = choice.Sources.Where(source => source.IsFor(architecture)).Select(source => checkValidUntil ? source : source with { CheckValidUntil = false }).ToList();
        return asked.Count > 0
            ? choice with { Sources = asked }
            : throw new MultiArchException(
                DiagnosticCodes.NoPackageSources,
                $"None of the package sources of {choice.Owner switch { SourceOwner.Project => "the project", SourceOwner.Base => $"the base image '{system.Name}'", _ => "this machine" }} is for {architecture}, which {plan.RuntimeIdentifier} needs. "
                + "Name one with MultiArchOSPackageSource.");
    }

    private static SourceChoice OfHost(BaseSystem system, AptConfiguration host, IRootFiles hostFiles)
    {
        var why = host.List.Sources.Count == 0 ? "this machine has no /etc/apt either"
            : host.Release is null ? "this machine does not say which distribution it is"
            : !system.IsScratch && system.Release != host.Release ? $"this machine's are for {host.Release}, and the base is {system.Release?.ToString() ?? "of a release that it does not name"}"
            : null;
        return why is null
            ? new SourceChoice(SourceOwner.Host, host.List.Sources, hostFiles, ThisMachine) { Skipped = host.List.Skipped }
            : throw new MultiArchException(
                DiagnosticCodes.NoPackageSources,
                $"MultiArchOSPackage asks for packages, and nothing says where they come from: {(system.IsScratch ? "'scratch'" : $"the base image '{system.Name}'")} has no package sources, and {why}. "
                + "Add <MultiArchOSPackageSource Include=\"https://…/debian\" Suite=\"bookworm\" Components=\"main\" SignedBy=\"debian-archive-keyring.gpg\" />, with the address of an archive.");
    }

    private static PackageSource FromItem(PlannedSource item) => new(new Uri(item.Uri), item.Suite, item.Components, $"MultiArchOSPackageSource '{item.Uri}'")
    {
        SignedBy = item.SignedBy is { } keyring ? new SignedBy([keyring], [], null) : null,
    };
}
