using System.Security.Cryptography;
using MultiArch.Oci;
using MultiArch.Oci.Layers;
using MultiArch.Oci.Storage;

namespace MultiArch.Debian.DebFiles;

/// <summary>Unpacked packages on this disk, each in a folder under the hash of its .deb, so that a locked build unpacks nothing twice.</summary>
/// <remarks>The folder may be lost, spoilt or shared: every file of a package is hashed before the package counts as unpacked.</remarks>
/// <param name="folder">Absolute; made with the first package.</param>
public sealed class ExtractedPackages(string folder, DebLimits limits)
{
    // A publish reads them for minutes.
    private static readonly TimeSpan InUse = TimeSpan.FromHours(1);

    /// <returns>Null when the package is not there whole.</returns>
    public Task<ExtractedPackage?> FindAsync(PackageIdentity package, CancellationToken cancellationToken) =>
        Task.Run(() => Read(Path.Combine(folder, package.Sha256.Hex), package, cancellationToken), cancellationToken);

    /// <summary>The package as it was unpacked before, or unpacked now.</summary>
    /// <param name="fetch">Gives the absolute path of the .deb; asked only when it is needed.</param>
    /// <exception cref="MultiArchException">As of <see cref="DebFile.ExtractAsync"/>, and what <paramref name="fetch"/> throws.</exception>
    public async Task<ExtractedPackage> GetAsync(PackageIdentity package, Func<CancellationToken, Task<string>> fetch, CancellationToken cancellationToken) =>
        await FindAsync(package, cancellationToken) ?? await DebFile.ExtractAsync(await fetch(cancellationToken), package, folder, limits, cancellationToken);

    /// <summary>Removes packages that nobody locks any more, and what was left half unpacked; nothing that another publish may be reading.</summary>
    public void Trim(IEnumerable<Digest> locked, TimeProvider time)
    {
        var kept = locked.Select(package => package.Hex).ToHashSet(StringComparer.Ordinal);
        var now = time.GetUtcNow().UtcDateTime;
        try
        {
            foreach (var package in new DirectoryInfo(folder).EnumerateDirectories().Where(package => !kept.Contains(package.Name) && now - package.LastWriteTimeUtc > InUse))
            {
                package.Delete(recursive: true);
            }
        }
        catch (Exception e) when (DiskErrors.IsDiskError(e))
        {
            // Another publish trims it, too.
        }
    }

    internal static string ContentOf(string packageFolder) => Path.Combine(packageFolder, "content");

    internal static ExtractedPackage? Read(string packageFolder, PackageIdentity identity, CancellationToken cancellationToken)
    {
        var package = PackageManifest.Read(packageFolder, identity);
        var options = new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = cancellationToken };
        return package is not null
            && Parallel.ForEach(
                package.Entries.Where(entry => entry.Type is LayerEntryType.File).DistinctBy(entry => entry.Sha256),
                options,
                (file, state) =>
                {
                    if (!IsWhole(package.SourceOf(file), file))
                    {
                        state.Stop();
                    }
                }).IsCompleted
            ? package
            : null;
    }

    private static bool IsWhole(string path, PackageEntry file)
    {
        try
        {
            using var content = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
            return content.Length == file.Size && Digest.FromHash(SHA256.HashData(content)) == file.Sha256;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
