using System.Collections.Concurrent;
using System.Security.Cryptography;
using MultiArch.Debian.DebFiles;
using MultiArch.Oci;
using MultiArch.Testing;

namespace MultiArch.Debian.Tests.RootFileSystem;

/// <summary>Real packages of this machine's own sources, fetched once into a folder that all runs share. apt checks the signatures.</summary>
internal static class DebianArchive
{
    private const string Suite = "bookworm";

    private static readonly SemaphoreSlim Turn = new(1);
    private static readonly ConcurrentDictionary<string, Task> Lists = new();

    /// <summary>What a self-contained ASP.NET Core app needs on an empty root.</summary>
    public static IReadOnlyList<string> Nine { get; } = ["libc6", "libgcc-s1", "gcc-12-base", "libstdc++6", "libssl3", "libicu72", "tzdata", "ca-certificates", "base-files"];

    private static string Folder => Path.Combine(RepositoryFolder.Artifacts, "debian-packages");

    /// <summary>Fetches packages by name and unpacks them. Ends the test as inconclusive where there is no apt, or no sources of the suite.</summary>
    public static async Task<IReadOnlyList<ExtractedPackage>> GetAsync(IEnumerable<string> names, string architecture, CancellationToken cancellationToken)
    {
        Tool.Require("apt-get", "dpkg-deb");
        await Turn.WaitAsync(cancellationToken);
        try
        {
            var packages = new List<ExtractedPackage>();
            var unpacked = new ExtractedPackages(Path.Combine(Folder, "unpacked"), DebLimits.Default);
            foreach (var file in await FetchAsync([.. names], architecture, cancellationToken))
            {
                var identity = await IdentifyAsync(file, cancellationToken);
                packages.Add(await unpacked.GetAsync(identity, _ => Task.FromResult(file), cancellationToken));
            }

            return packages;
        }
        finally
        {
            Turn.Release();
        }
    }

    /// <summary>The names of a package and all that it needs, without what scripts alone want.</summary>
    public static async Task<IReadOnlyList<string>> ClosureAsync(string name, string architecture, CancellationToken cancellationToken)
    {
        Tool.Require("apt-get");
        await Lists.GetOrAdd("", _ => UpdateAsync());
        var simulation = await AptGetAsync([$"-oAPT::Architecture={architecture}", $"-oAPT::Architectures={architecture}", "-s", "--no-install-recommends", "install", name], Folder, cancellationToken);
        return [.. simulation.StandardOutput.Split('\n').Where(line => line.StartsWith("Inst ", StringComparison.Ordinal)).Select(line => line.Split(' ')[1].Split(':')[0])];
    }

    private static async Task<IReadOnlyList<string>> FetchAsync(string[] names, string architecture, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateDirectory(Path.Combine(Folder, architecture)).FullName;
        var missing = names.Where(name => Find(folder, name) is null).ToList();
        if (missing.Count > 0)
        {
            await Lists.GetOrAdd("", _ => UpdateAsync());
            await AptGetAsync([$"-oAPT::Architecture={architecture}", "-q", "download", .. missing], folder, cancellationToken);
        }

        return [.. names.Select(name => Find(folder, name) ?? throw new InvalidOperationException($"apt-get download left no {name}."))];
    }

    private static string? Find(string folder, string name) => Directory.EnumerateFiles(folder, $"{name}_*.deb").Order(StringComparer.Ordinal).LastOrDefault();

    private static async Task<PackageIdentity> IdentifyAsync(string file, CancellationToken cancellationToken)
    {
        var fields = (await new CommandLine("dpkg-deb", "-f", file, "Package", "Version", "Architecture").RunAsync(cancellationToken)).ShouldSucceed()
            .StandardOutput.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(": ", 2)[1]).ToArray();
        await using var content = File.OpenRead(file);
        return new PackageIdentity(fields[0], fields[1], fields[2], Digest.FromHash(await SHA256.HashDataAsync(content, cancellationToken)));
    }

    private static async Task UpdateAsync()
    {
        var parts = Directory.CreateDirectory(Path.Combine(Folder, "apt", "sources")).FullName;
        var sources = Directory.Exists("/etc/apt/sources.list.d") ? Directory.EnumerateFiles("/etc/apt/sources.list.d") : [];
        var used = sources.Append("/etc/apt/sources.list").Where(file => File.Exists(file) && File.ReadAllText(file).Contains($" {Suite}", StringComparison.Ordinal)).ToList();
        if (used.Count == 0)
        {
            Assert.Inconclusive($"apt has no sources of {Suite} here.");
        }

        foreach (var file in used)
        {
            File.Copy(file, Path.Combine(parts, Path.GetFileName(file)), overwrite: true);
        }

        Directory.CreateDirectory(Path.Combine(Folder, "apt", "lists", "partial"));
        Directory.CreateDirectory(Path.Combine(Folder, "apt", "cache", "archives", "partial"));
        await File.WriteAllTextAsync(Path.Combine(Folder, "apt", "status"), "");
        await AptGetAsync(["-q", "update"], Folder, CancellationToken.None);
    }

    private static async Task<CommandResult> AptGetAsync(IEnumerable<string> arguments, string folder, CancellationToken cancellationToken)
    {
        var apt = Path.Combine(Folder, "apt");
        string[] options =
        [
            $"-oDir::State::status={apt}/status", $"-oDir::State::Lists={apt}/lists", $"-oDir::Cache={apt}/cache", $"-oDir::Etc::SourceParts={apt}/sources", "-oDir::Etc::SourceList=/dev/null",
            "-oAPT::Architectures::=amd64", "-oAPT::Architectures::=arm64", "-oAcquire::Languages=none", "-oAPT::Sandbox::User=root",
        ];
        return (await new CommandLine("apt-get", [.. options, .. arguments]) { WorkingDirectory = folder, Environment = new Dictionary<string, string?> { ["LC_ALL"] = "C" } }.RunAsync(cancellationToken)).ShouldSucceed();
    }
}
