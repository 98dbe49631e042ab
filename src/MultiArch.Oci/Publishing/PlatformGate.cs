using MultiArch.Oci.Contents;
using MultiArch.Oci.Images;
using MultiArch.Oci.Inspection;
using MultiArch.Oci.Verification;

namespace MultiArch.Oci.Publishing;

/// <summary>Lets no image pass whose files are for another platform than it will claim: all of them are looked at before anything is written.</summary>
internal sealed class PlatformGate(PublishRequest request, IProgress<PublishEvent> progress, TimeProvider time)
{
    private readonly ImageTreeReader _trees = new(request.DocumentFolder is { } folder ? Path.Combine(folder, "trees") : null, VerifiedContents.Selection);
    private readonly SoundImages _sound = new(request.CacheFolder is { } folder ? Path.Combine(folder, "sound") : null, request.VerifyBase);
    private readonly HeaderReader _headers = new();
    private int _basesRead;

    /// <returns>Whether, as far as can be seen, the images start.</returns>
    /// <exception cref="MultiArchException">One of the faults that end the publish, the last; those before it were reported. Or a file, or a base, cannot be read.</exception>
    public async Task<bool> PassAsync(IReadOnlyList<PlatformImage> platforms, CancellationToken cancellationToken)
    {
        if (request.Verify is VerificationPolicy.Off)
        {
            return true;
        }

        var began = time.GetTimestamp();
        var groups = (await Task.WhenAll(platforms.Select(platform => Task.Run(() => FindFaultsAsync(platform, cancellationToken), cancellationToken)))).SelectMany(found => found).ToList();
        if (!request.VerifyBase && platforms.Where(HasBase).ToList() is { Count: > 0 } unread)
        {
            progress.Report(new PublishEvent.BasesNotVerified([.. unread.Select(platform => platform.Plan.RuntimeIdentifier)]));
        }

        progress.Report(new PublishEvent.Verified(_headers.Count, _basesRead, time.GetElapsedTime(began)));
        Report(groups);
        return !groups.Exists(group => group.IsCertain && group.Faults[0].Kind is FaultKind.LoaderMissing or FaultKind.ProgramMissing or FaultKind.FrameworkMissing);
    }

    private void Report(IReadOnlyList<FaultGroup> groups)
    {
        // Warnings first: what follows them ends the publish.
        var errors = groups.Where(IsError).ToList();
        foreach (var group in groups.Where(group => !IsError(group)))
        {
            progress.Report(new PublishEvent.FaultsFound(group, IsError: false));
        }

        foreach (var group in errors.SkipLast(1))
        {
            progress.Report(new PublishEvent.FaultsFound(group, IsError: true));
        }

        if (errors is [.., var last])
        {
            throw new MultiArchException(last.Code, last.Describe());
        }
    }

    private bool IsError(FaultGroup group) => request.Verify.IsError(group.Faults[0]);

    private static bool HasBase(PlatformImage platform) => platform.Base.Reference is not BaseReference.Scratch;

    private async Task<IReadOnlyList<FaultGroup>> FindFaultsAsync(PlatformImage platform, CancellationToken cancellationToken)
    {
        var rid = platform.Plan.RuntimeIdentifier;
        if (_sound.Contains(platform))
        {
            return [];
        }

        var claims = PlatformClaims.Compare(platform.Platform, ("config", platform.Base.Config.Platform)).ToList();
        var normal = platform.Platform.Normalize();
        var faults = BinaryPlatform.Find(normal.OS, normal.Architecture, normal.Variant, BinaryPlatform.CLibraryOf(rid)) is { } binaryPlatform
            ? await FindFaultsAsync(platform, binaryPlatform, cancellationToken)
            : [];
        if (claims.Count == 0 && faults.Count == 0)
        {
            _sound.Remember(platform);
        }

        return FaultGroup.Of(rid, claims.Concat(faults));
    }

    private async Task<IReadOnlyList<PlatformFault>> FindFaultsAsync(PlatformImage platform, BinaryPlatform binaryPlatform, CancellationToken cancellationToken)
    {
        var files = await _headers.ReadAsync(platform, cancellationToken);
        var (entrypoint, cmd) = platform.Plan.Settings.Command.Resolve(platform.Base.Config.Config?.Entrypoint ?? []);
        var environment = new Dictionary<string, string>(VerifiedImage.ReadEnvironment(platform.Base.Config.Config?.Env));
        foreach (var (name, value) in platform.Plan.Settings.Environment)
        {
            environment[name] = value;
        }

        var image = new VerifiedImage(binaryPlatform, files.Binaries)
        {
            RuntimeIdentifier = platform.Plan.RuntimeIdentifier,
            AppFiles = files.AppFiles,
            WorkingDirectory = platform.Plan.Settings.WorkingDirectory,
            Command = [.. entrypoint, .. cmd],
            Environment = environment,
        };
        if (HasBase(platform) && !request.VerifyBase)
        {
            return PlatformVerification.FindFaults(image);
        }

        // What the layers hold may be enough, as of a static program: then the base's blobs stay where they are.
        var faults = Judge(image, new MergedTree(), platform);
        if (faults.Count == 0 || platform.BaseStore is not { } store || platform.Base.Digest is not { } manifest)
        {
            return faults;
        }

        Interlocked.Increment(ref _basesRead);
        var tree = await _trees.ReadAsync(store, platform.Base.Reference.ToString()!, manifest, platform.Base.Layers, platform.Base.Config.RootFS.DiffIds, cancellationToken);
        return Judge(image, tree, platform);
    }

    private static IReadOnlyList<PlatformFault> Judge(VerifiedImage image, MergedTree tree, PlatformImage platform)
    {
        var number = platform.Base.Layers.Count;
        try
        {
            foreach (var recipe in platform.Recipes)
            {
                new LayerOnTree(tree, ++number).Add(recipe);
            }
        }
        catch (FormatException e)
        {
            throw new MultiArchException(
                DiagnosticCodes.InvalidPath,
                $"The layers of {platform.Plan.RuntimeIdentifier} do not fit the base '{platform.Base.Reference}': {OneLine.Of(e.Message).TrimEnd('.')}. Give the file another place with TargetPath or ContainerWorkingDirectory, or take another base.",
                e);
        }

        return PlatformVerification.FindFaults(image with { Contents = new ImageContents(tree, image.Platform, image.Binaries, image.Environment) });
    }
}
