using System.IO.Compression;

namespace MultiArch.Testing;

/// <summary>The NuGet package as a user gets it, packed once for a test run, and the package cache that the published projects share.</summary>
public static class PackedPackage
{
    private static readonly Lazy<Task<string>> Packed = new(PackAsync);
    private static readonly Lazy<Task<string>> Unpacked = new(UnpackAsync);

    /// <summary>The version that projects refer to.</summary>
    public const string Version = "0.1.0";

    /// <summary>NuGet's folder of unpacked packages for all published projects: only ours is cleared between runs.</summary>
    public static string Cache { get; } = Path.Combine(RepositoryFolder.Artifacts, "test-packages");

    /// <summary>The folder that serves as package source; packed by whoever asks first.</summary>
    public static Task<string> GetFeedAsync() => Packed.Value;

    /// <summary>The package's files, for a project that imports them by path; unpacked by whoever asks first.</summary>
    public static Task<string> GetFilesAsync() => Unpacked.Value;

    // Once: a publish that runs has mapped the assemblies into memory, and ends in SIGBUS when they are written anew.
    private static async Task<string> UnpackAsync()
    {
        var package = Path.Combine(await GetFeedAsync(), $"MultiArch.Build.{Version}.nupkg");
        var folder = Path.Combine(RepositoryFolder.Artifacts, "test-unpacked");
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }

        await ZipFile.ExtractToDirectoryAsync(package, folder);
        return folder;
    }

    private static async Task<string> PackAsync()
    {
        var feed = Path.Combine(RepositoryFolder.Artifacts, "test-feed");
        foreach (var stale in new[] { feed, Path.Combine(Cache, "multiarch.build") }.Where(Directory.Exists))
        {
            Directory.Delete(stale, recursive: true);
        }

        var project = Path.Combine(RepositoryFolder.Path, "src", "MultiArch.Build");
        (await new CommandLine("dotnet", "pack", project, "-c", "Release", "-o", feed, $"-p:Version={Version}", "-nodeReuse:false").RunAsync()).ShouldSucceed();
        return feed;
    }
}
