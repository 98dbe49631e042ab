using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;
using MultiArch.Debian;
using MultiArch.Debian.Archive;
using MultiArch.Debian.Bases;
using MultiArch.Debian.DebFiles;
using MultiArch.Debian.Lock;
using MultiArch.Debian.Sources;
using MultiArch.Oci;
using MultiArch.Oci.Contents;
using MultiArch.Oci.Images;
using MultiArch.Oci.Publishing;
using MultiArch.Oci.Storage;
using Task = System.Threading.Tasks.Task;

namespace MultiArch.Build.Tasks;

/// <summary>Takes the packages of all platforms from the lock, or resolves and locks them, and puts them into each platform's plan.</summary>
[MSBuildMultiThreadableTask]
public sealed class ResolveOSPackages : RegistryTask
{
    /// <summary>Identity: the path of a <see cref="PackagePlan"/>. Metadata: <c>ImagePlan</c>, the path of the platform's <see cref="ImagePlan"/>, which need not be there when only the lock is written.</summary>
    [Required]
    public ITaskItem[] PackagePlans { get; set; } = [];

    /// <summary>Absolute path of <c>multiarch.lock.json</c>.</summary>
    [Required]
    public string LockFile { get; set; } = "";

    /// <summary>What is not locked is an error.</summary>
    public bool LockedMode { get; set; }

    /// <summary>Resolves and locks everything anew, and lays nothing down.</summary>
    public bool UpdateLock { get; set; }

    /// <summary>Without it, indexes that have expired are accepted.</summary>
    public bool CheckValidUntil { get; set; } = true;

    /// <inheritdoc cref="PackageSettings"/>
    public string CacheFolder { get; set; } = "";

    /// <inheritdoc cref="PackageSettings"/>
    public string CacheSize { get; set; } = "";

    /// <summary>Absolute; keeps unpacked packages.</summary>
    [Required]
    public string PackageFolder { get; set; } = "";

    /// <summary>Absolute; keeps what registries said of base images, and what these hold.</summary>
    [Required]
    public string DocumentFolder { get; set; } = "";

    /// <summary>The platforms' plans with the packages' layers in them. Identity: the path.</summary>
    [Output]
    public ITaskItem[] CompletedPlans { get; set; } = [];

    protected override async Task ExecuteAsync(CancellationToken cancellationToken)
    {
        var settings = new PackageSettings(ProjectDirectory, CacheFolder, CacheSize, Environment.GetEnvironmentVariable);
        var progress = new PackageEventLog(Log, BuildEngine);
        var options = Registries.ToOptions();
        AtomicFile.RequireFile(LockFile);
        var plans = PackagePlans.Select(item => (Plan: PackagePlan.Parse(File.ReadAllBytes(item.ItemSpec)), ImagePlan: item.GetMetadata("ImagePlan"))).ToList();
        var images = plans.Select(plan => BaseReference.Parse(plan.Plan.BaseImage, ProjectDirectory)).OfType<BaseReference.Image>().Select(image => image.Location);
        using var registries = Connect(options, target: null, images);
        using var sources = new ImageSources(registries.Transport);
        using var client = new ArchiveClient(new ArchiveOptions { Time = TimeProvider.System, Progress = progress });
        var cache = new PackageCache(settings.CacheFolder(), settings.CacheCapacity(), client);
        var extracted = new ExtractedPackages(PackageFolder, DebLimits.Default);
        var packages = new PlatformPackages(
            new ArchiveIndexes(client, new IndexCache(Path.Combine(settings.CacheFolder(), "indexes"), settings.CacheCapacity(), TimeProvider.System)),
            cache,
            extracted,
            new HostRootFiles(),
            CheckValidUntil,
            progress);
        var bases = new BaseTrees(sources, DocumentFolder, new ImageTreeReader(Path.Combine(DocumentFolder, "trees"), BaseSystem.Selection));

        var file = await ReadLockAsync(cancellationToken);
        var policy = new LockPolicy(file, LockFile, UpdateLock ? LockMode.Update : LockedMode ? LockMode.Locked : LockMode.Follow);
        var platforms = await Task.WhenAll(plans.Select(plan => ReadAsync(plan.Plan, plan.ImagePlan, policy, packages, bases, progress, cancellationToken)));
        if (!UpdateLock)
        {
            platforms = await Task.WhenAll(platforms.Select(platform => CompleteAsync(platform, packages, progress, cancellationToken)));
            CompletedPlans = [.. platforms.Select(platform => new TaskItem(platform.CompletedPlan))];
        }

        foreach (var warning in UnusedExcludes.Find([.. platforms.Select(platform => platform.Seen)]))
        {
            progress.Report(warning);
        }

        var kept = platforms.Aggregate(file ?? Debian.Lock.LockFile.Empty, (lockFile, platform) => lockFile.With(platform.Plan.RuntimeIdentifier, platform.Locked));
        extracted.Trim(kept.Platforms.Values.SelectMany(platform => platform.Packages).Select(package => package.Sha256), TimeProvider.System);

        // When all of it can be had: a lock that no publish has followed would only be in the way. And of all platforms, or of none.
        if (platforms.Any(platform => policy.Keeps(platform.Plan)))
        {
            await AtomicFile.WriteIfChangedAsync(LockFile, kept.ToUtf8Bytes(), cancellationToken);
        }
    }

    private async Task<LockFile?> ReadLockAsync(CancellationToken cancellationToken)
    {
        try
        {
            return File.Exists(LockFile) ? Debian.Lock.LockFile.Parse(await InputFile.ReadAsync(LockFile, Debian.Lock.LockFile.MaxSize, cancellationToken), LockFile) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException)
        {
            throw new MultiArchException(DiagnosticCodes.LockUnreadable, $"'{LockFile}' cannot be read: {OneLine.Sentence(e.Message)} Make it a file that the user who publishes can read.", e);
        }
    }

    private async Task<Platform> ReadAsync(
        PackagePlan plan, string imagePlan, LockPolicy policy, PlatformPackages packages, BaseTrees bases, PackageEventLog progress, CancellationToken cancellationToken)
    {
        var locked = policy.Find(plan, out var drift);
        var reference = BaseReference.Parse(plan.BaseImage, ProjectDirectory);
        var platform = RuntimeIdentifiers.ToPlatform(plan.RuntimeIdentifier);
        var (image, tree) = await NeedsTreeAsync(plan, imagePlan, cancellationToken)
            ? await bases.ReadAsync(reference, platform, locked?.Base.Digest, cancellationToken)
            : (await bases.FindAsync(reference, platform, locked?.Base.Digest, cancellationToken), new MergedTree());
        var system = BaseSystem.Read(plan.BaseImage, tree, reference is BaseReference.Scratch);
        if (locked is not null)
        {
            progress.Report(new PackageEvent.Locked(plan.RuntimeIdentifier, locked));
        }

        var resolved = locked is null ? await packages.ResolveAsync(plan, system, image.Digest, drift, cancellationToken) : new ResolvedPlatform(locked, LeftOut: null);
        return new Platform(plan, imagePlan, system, resolved.Locked, new SeenPlatform(plan, resolved));
    }

    /// <summary>A lock that only says which base is meant is no reason to read its layers.</summary>
    private async Task<bool> NeedsTreeAsync(PackagePlan plan, string imagePlan, CancellationToken cancellationToken) =>
        plan.Requests.Count > 0
        || (!UpdateLock && PackageLayers.FindAuthorities(ImagePlan.Parse(await File.ReadAllBytesAsync(imagePlan, cancellationToken))).Any());

    private static async Task<Platform> CompleteAsync(Platform platform, PlatformPackages packages, PackageEventLog progress, CancellationToken cancellationToken)
    {
        var image = ImagePlan.Parse(await File.ReadAllBytesAsync(platform.ImagePlan, cancellationToken));
        var extracted = await packages.GetAsync(platform.Locked, cancellationToken);
        var completed = PackageLayers.Complete(image with { BaseDigest = platform.Locked.Base.Digest }, platform.Plan, platform.System, extracted, Path.GetDirectoryName(platform.ImagePlan)!, progress);
        var path = Path.Combine(Path.GetDirectoryName(platform.ImagePlan)!, "image.packages.plan.json");
        await AtomicFile.WriteIfChangedAsync(path, completed.ToUtf8Bytes(), cancellationToken);
        return platform with { CompletedPlan = path, Seen = platform.Seen with { Packages = extracted } };
    }

    private sealed record Platform(PackagePlan Plan, string ImagePlan, BaseSystem System, LockedPlatform Locked, SeenPlatform Seen)
    {
        /// <summary>Empty until the packages are laid down.</summary>
        public string CompletedPlan { get; init; } = "";
    }
}
