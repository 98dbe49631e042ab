using MultiArch.Debian.Archive;
using MultiArch.Debian.Bases;
using MultiArch.Debian.Control;
using MultiArch.Debian.DebFiles;
using MultiArch.Debian.Lock;
using MultiArch.Debian.Resolver;
using MultiArch.Debian.Signatures;
using MultiArch.Debian.Sources;
using MultiArch.Oci;

namespace MultiArch.Debian;

/// <summary>Finds which packages a platform is made of, and fetches them.</summary>
/// <param name="hostFiles">Of this machine.</param>
/// <param name="checkValidUntil">False accepts indexes that have expired.</param>
public sealed class PlatformPackages(
    ArchiveIndexes indexes, PackageCache cache, ExtractedPackages extracted, IRootFiles hostFiles, bool checkValidUntil, IProgress<PackageEvent> progress)
{
    private readonly Lazy<AptConfiguration> _host = new(() => AptConfiguration.Read(hostFiles, "this machine", isLocal: true));
    private readonly AptLogins _logins = new(hostFiles, "this machine");

    /// <summary>Resolves what a plan asks for, from the archives as they are now. Nothing is fetched but indexes.</summary>
    /// <param name="system">The base that the packages go onto.</param>
    /// <param name="baseDigest">Of its manifest for the platform; null for <c>scratch</c>.</param>
    /// <param name="drift">Why the lock was not followed, for people.</param>
    /// <exception cref="MultiArchException">The base, a source or a package cannot be used.</exception>
    public async Task<ResolvedPlatform> ResolveAsync(PackagePlan plan, BaseSystem system, Digest? baseDigest, string? drift, CancellationToken cancellationToken)
    {
        var locked = new LockedPlatform(new LockedBase(plan.BaseImage, baseDigest), plan.Requests, plan.Excludes, SourceOwner.None, [], []);
        if (plan.Requests.Count == 0)
        {
            return new ResolvedPlatform(locked, []);
        }

        var architecture = DebianArchitecture.Of(plan.RuntimeIdentifier);
        system.RequireDebianPackages();
        var choice = SourceChoice.Make(plan, system, _host.Value, hostFiles, architecture, checkValidUntil);
        Skip(choice.Skipped);
        progress.Report(new PackageEvent.Resolving(plan.RuntimeIdentifier, [.. choice.Sources.Select(source => source.ToString())]));
        var fitting = await ReadAsync(choice, system, architecture, cancellationToken);
        var resolution = DependencyResolver.Resolve(
            [.. fitting.Select(index => index.Packages)],
            system.Installed,
            [.. plan.Requests.Select(Dependency.Parse)],
            architecture,
            plan.ExcludedPackages);

        var sources = fitting.Select(index => index.Source).Distinct().ToList();
        locked = locked with
        {
            SourcesOf = choice.Owner,
            Sources = [.. sources.Select(source => new LockedSource(source.Root.AbsoluteUri, source.Suite, source.Components))],
            Packages = [.. resolution.Packages.Select(package => Lock(package, sources.IndexOf(fitting[package.Index].Source)))],
        };
        progress.Report(new PackageEvent.Resolved(plan.RuntimeIdentifier, locked, resolution.LeftOut, resolution.Older, drift));
        return new ResolvedPlatform(locked, resolution.LeftOut);
    }

    /// <summary>Fetches and unpacks what is locked, as far as it is not here already.</summary>
    /// <returns>In the order of the lock.</returns>
    /// <exception cref="MultiArchException">A package cannot be had, or is not what the lock says.</exception>
    public async Task<IReadOnlyList<ExtractedPackage>> GetAsync(LockedPlatform locked, CancellationToken cancellationToken)
    {
        var roots = locked.Sources.Select(source => new Uri(source.Uri)).ToList();
        return await Task.WhenAll(locked.Packages.Select(package =>
        {
            var identity = new PackageIdentity(package.Name, package.Version, package.Architecture, package.Sha256);
            var own = roots[package.Source];
            return extracted.GetAsync(
                identity,
                token => cache.FetchAsync(package.Name, package.Version, package.Sha256, package.Size, package.Path, [own, .. roots.Where(root => root != own).Distinct()], LoginsFor(locked.SourcesOf), token),
                cancellationToken);
        }));
    }

    private async Task<IReadOnlyList<SourceIndex>> ReadAsync(SourceChoice choice, BaseSystem system, string architecture, CancellationToken cancellationToken)
    {
        var trusted = new Keyrings(choice.Keys, choice.SystemName);
        IReadOnlyList<PackageSource> sources = [.. choice.Sources.Select(source => source with { Logins = LoginsFor(choice.Owner) })];
        if (choice.Owner is SourceOwner.Host)
        {
            var own = await DistributionSources.FilterAsync(_host.Value.Release!, sources, indexes, trusted, progress, cancellationToken);
            Skip(own.Skipped);
            sources = own.Sources.Count > 0 ? own.Sources : throw new MultiArchException(
                DiagnosticCodes.NoPackageSources,
                $"None of this machine's package sources is {_host.Value.Release!.Id}'s own, and others are not mixed into an image. Name an archive with MultiArchOSPackageSource.");
        }

        var read = await Task.WhenAll(sources.Select(source => indexes.ReadAsync(source, architecture, trusted, cancellationToken)));
        foreach (var index in read.Where(_ => choice.Owner is SourceOwner.Project))
        {
            ReleaseFit.Require(index, system);
        }

        return read;
    }

    /// <summary>An image must not have this machine's logins sent to where it likes.</summary>
    private AptLogins? LoginsFor(SourceOwner owner) => owner is SourceOwner.Base ? null : _logins;

    private void Skip(IReadOnlyList<SkippedSource> skipped)
    {
        foreach (var source in skipped)
        {
            progress.Report(new PackageEvent.SourceLeftOut(source));
        }
    }

    private static LockedPackage Lock(ResolvedPackage resolved, int source)
    {
        var package = resolved.Package;
        return package is { Sha256: { } digest, Size: > 0, Filename.Length: > 0 }
            ? new LockedPackage(package.Name, package.Version.Text, package.Architecture, package.Size, digest, package.Filename, source)
            : throw new MultiArchException(
                DiagnosticCodes.PackageIndexUnreadable,
                $"The archive's index gives the package {package} no file, size or SHA-256, so that it cannot be verified. Name another archive with MultiArchOSPackageSource.");
    }
}
