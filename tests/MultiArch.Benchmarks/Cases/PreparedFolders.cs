using MultiArch.Benchmarks.Registries;

namespace MultiArch.Benchmarks.Cases;

/// <summary>Two published folders become an index on a base that the registry holds: no MSBuild, packing and sending alone.</summary>
internal sealed class PreparedFolders() : BenchmarkCase("prepared-folders", runs: 5)
{
    private static readonly Dictionary<string, string> Architectures = new() { ["linux-x64"] = "amd64", ["linux-arm64"] = "arm64" };

    protected override async Task<IReadOnlyList<Contender>> CreateContendersAsync(Workspace workspace)
    {
        var folders = await workspace.GetPreparedFoldersAsync();
        var files = folders.ToDictionary(
            folder => $"linux/{Architectures[folder.Key]}",
            folder => Directory.EnumerateFiles(folder.Value, "*", SearchOption.AllDirectories).Count());
        Task Verify(Run run) => VerifyAsync(run, files);
        Task Nothing(Run run) => Task.CompletedTask;
        return
        [
            new(ContenderNames.Ours, Nothing, run => PublisherRunner.Command(Job(run, folders, zstd: false), run.Folder), Verify),
            new(ContenderNames.OursZstd, Nothing, run => PublisherRunner.Command(Job(run, folders, zstd: true), run.Folder), Verify),
            new(ContenderNames.Buildah, run => Buildah.PullBaseAsync(run), run => Buildah.Command(run, folders, Architectures), Verify),
            new(ContenderNames.Pigz, Nothing, run => TarPigzCurl.Command(run, folders, Architectures), Verify),
        ];
    }

    private static PublisherJob Job(Run run, IReadOnlyDictionary<string, string> folders, bool zstd) => new(
        run.Target,
        zstd,
        Path.Combine(run.Folder, "work"),
        [.. folders.Select(folder => new PublisherImage(folder.Key, $"{run.RegistryName}/{Workspace.PlainBase}:latest", Path.Combine(folder.Value, "app")))]);

    private static async Task VerifyAsync(Run run, IReadOnlyDictionary<string, int> files)
    {
        var image = await PushedImage.ReadAsync(run.Registry.Address, run.Repository, "latest", [.. files.Keys], (Workspace.PlainBase, "latest"));
        run.Facts["layerBytes"] = image.Size;
        if (run.Number == 1)
        {
            await image.CheckContentAsync(run.Registry.Address, run.Repository, "latest", files);
        }
    }
}
