using System.Collections.Concurrent;
using System.Security.Cryptography;
using MultiArch.Debian.Sources;
using MultiArch.Oci;
using MultiArch.Oci.Storage;

namespace MultiArch.Debian.Archive;

/// <summary>Packages by their hash: what is here is not fetched, so that a build with a lock needs no archive.</summary>
/// <param name="folder">Absolute; made when it is first needed, for this user alone.</param>
/// <param name="sizeLimit">Bytes of all packages; those that were used longest ago go first.</param>
public sealed class PackageCache(string folder, long sizeLimit, ArchiveClient client)
{
    private readonly ContentFolder _content = new(folder, sizeLimit, client.Time);
    private readonly ConcurrentDictionary<Digest, Lazy<Task<string>>> _underWay = new();

    /// <summary>Finds a package, or gets it from the first archive that has it.</summary>
    /// <param name="size">Bytes.</param>
    /// <param name="relativePath">Below each archive's root.</param>
    /// <param name="archiveRoots">In the order in which they are asked.</param>
    /// <param name="logins">Of the system that named the archives; null to ask without one.</param>
    /// <returns>The absolute path of a file that holds what the hash says; it stays for an hour at least.</returns>
    /// <exception cref="MultiArchException">
    /// <see cref="DiagnosticCodes.PackageGone"/>, <see cref="DiagnosticCodes.ArchiveContentMismatch"/>, <see cref="DiagnosticCodes.ArchiveUnreachable"/>,
    /// <see cref="DiagnosticCodes.ArchiveRefused"/>, <see cref="DiagnosticCodes.PackageCacheUnsafe"/>, <see cref="DiagnosticCodes.CannotWrite"/>.
    /// </exception>
    public async Task<string> FetchAsync(
        string name, string version, Digest sha256, long size, string relativePath, IReadOnlyList<Uri> archiveRoots, AptLogins? logins, CancellationToken cancellationToken)
    {
        var package = new WantedPackage($"{OneLine.Of(name, 100)} {OneLine.Of(version, 100)}", sha256, size, relativePath, logins);
        var task = _underWay.GetOrAdd(sha256, _ => new(() => FindOrFetchAsync(package, archiveRoots, cancellationToken)));
        try
        {
            return await task.Value;
        }
        finally
        {
            _underWay.TryRemove(KeyValuePair.Create(sha256, task));
        }
    }

    /// <summary>Removes what was used longest ago, until the rest is within the limit; nothing of the last hour.</summary>
    public void Trim() => _content.Trim();

    private async Task<string> FindOrFetchAsync(WantedPackage package, IReadOnlyList<Uri> archiveRoots, CancellationToken cancellationToken)
    {
        _content.RequirePrivate();
        var name = package.Sha256.Hex;
        if (await IsSoundAsync(package, cancellationToken))
        {
            _content.Touch(name);
            return _content.PathOf(name);
        }

        if (!ArchivePath.IsContained(package.Path))
        {
            throw new MultiArchException(
                DiagnosticCodes.ArchiveContentMismatch,
                $"The package {package.Name} is said to lie at '{OneLine.Of(package.Path)}', which is no path below an archive. Correct the lock, or take another source.");
        }

        MultiArchException? failure = null;
        foreach (var root in archiveRoots)
        {
            try
            {
                if (await TryFetchAsync(package, root, cancellationToken))
                {
                    return _content.PathOf(name);
                }
            }
            catch (MultiArchException e) when (e.Code is DiagnosticCodes.ArchiveUnreachable or DiagnosticCodes.ArchiveRefused or DiagnosticCodes.ArchiveContentMismatch)
            {
                failure ??= e; // Another archive may have it.
            }
        }

        throw failure ?? new MultiArchException(
            DiagnosticCodes.PackageGone,
            archiveRoots.Count > 0
                ? $"The package {package.Name} is gone from {string.Join(", ", archiveRoots.Select(root => $"'{OneLine.Of(root.AbsoluteUri)}'"))}. Run 'dotnet build -t:UpdateMultiArchLock' for a newer one, or list a snapshot of the archive as a source."
                : $"The package {package.Name} is not in the cache, and no source is named. Run 'dotnet build -t:UpdateMultiArchLock'.");
    }

    private async Task<bool> IsSoundAsync(WantedPackage package, CancellationToken cancellationToken)
    {
        var name = package.Sha256.Hex;
        try
        {
            if (!_content.IsFile(name))
            {
                return false;
            }

            await using var file = new FileStream(_content.PathOf(name), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 1, FileOptions.Asynchronous);
            return file.Length == package.Size && await HashAsync(file, cancellationToken) == package.Sha256;
        }
        catch (Exception e) when (DiskErrors.IsDiskError(e))
        {
            return false; // It is fetched anew.
        }
    }

    private async Task<bool> TryFetchAsync(WantedPackage package, Uri root, CancellationToken cancellationToken)
    {
        var file = _content.CreatePartial();
        var isKept = false;
        try
        {
            Digest actual;
            long length;
            await using (file)
            {
                var uri = ArchivePath.Combine(root.AbsoluteUri.EndsWith('/') ? root : new Uri(root.AbsoluteUri + "/"), package.Path);
                var request = new ArchiveRequest(uri, $"the package {package.Name}", package.Size, $"the source '{OneLine.Of(root.AbsoluteUri)}'")
                {
                    Logins = package.Logins,
                    WithoutNetwork = $"Without a network a build needs {package.Name} in the cache (MultiArchOSPackageCache), which does not have it.",
                };
                if ((await client.FetchAsync(request, file, cancellationToken)).Outcome is not ArchiveOutcome.Content)
                {
                    return false;
                }

                file.Position = 0;
                (actual, length) = (await HashAsync(file, cancellationToken), file.Length);
            }

            if (length != package.Size || actual != package.Sha256)
            {
                throw new MultiArchException(
                    DiagnosticCodes.ArchiveContentMismatch,
                    $"The package {package.Name} of '{OneLine.Of(root.AbsoluteUri)}' was not used: it has {length} bytes and the hash {actual}, and {package.Size} bytes with {package.Sha256} were signed or locked. Take another mirror; if the archive has replaced the file, run 'dotnet build -t:UpdateMultiArchLock'.");
            }

            _content.Keep(file.Name, package.Sha256.Hex);
            return isKept = true;
        }
        finally
        {
            if (!isKept)
            {
                _content.Delete(Path.GetFileName(file.Name));
            }
        }
    }

    private static async Task<Digest> HashAsync(Stream stream, CancellationToken cancellationToken) =>
        Digest.FromHash(await SHA256.HashDataAsync(stream, cancellationToken));

    private sealed record WantedPackage(string Name, Digest Sha256, long Size, string Path, AptLogins? Logins);
}
