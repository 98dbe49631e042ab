using MultiArch.Benchmarks.Registries;

namespace MultiArch.Benchmarks.Cases;

/// <summary>One layer of 10 MB to 2 GB, in files of at most 50 MB with the content of a published app.</summary>
internal sealed class LayerSize() : GrowthCase("layer-size", [10, 100, 500, 2000])
{
    private const int MaxFile = 50_000_000;

    protected override async Task FillAsync(Workspace workspace, string folder, int scale)
    {
        var published = (await workspace.GetPreparedFoldersAsync())["linux-x64"];
        var content = new List<byte>();
        foreach (var file in Directory.EnumerateFiles(published, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            content.AddRange(await File.ReadAllBytesAsync(file));
        }

        var bytes = content.ToArray();
        var left = scale * 1_000_000L;
        for (var i = 0; left > 0; i++)
        {
            var size = (int)Math.Min(left, MaxFile);
            await using var file = File.Create(Path.Combine(folder, $"{i:D3}"));
            // Each begins elsewhere, so no two are equal.
            var start = (int)(i * 7_654_321L % (bytes.Length - MaxFile));
            await file.WriteAsync(bytes.AsMemory(start, size));
            left -= size;
        }
    }
}

/// <summary>One layer of 100 to 50,000 files of 2 KB.</summary>
internal sealed class LayerFiles() : GrowthCase("layer-files", [100, 1000, 10_000, 50_000])
{
    private const int FilesPerFolder = 500;

    protected override async Task FillAsync(Workspace workspace, string folder, int scale)
    {
        var random = new Random(1);
        var text = new byte[1500];
        for (var i = 0; i < scale; i++)
        {
            random.NextBytes(text);
            var path = Path.Combine(folder, $"{i / FilesPerFolder:D3}", $"{i:D5}.txt");
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            await File.WriteAllTextAsync(path, Convert.ToBase64String(text));
        }
    }
}

/// <summary>How cost grows with what is packed: one platform, one layer, no base.</summary>
internal abstract class GrowthCase(string name, IReadOnlyList<int> scales) : BenchmarkCase(name, runs: 3)
{
    public override IReadOnlyList<int> Scales { get; } = scales;

    protected override bool HasBases => false;

    protected abstract Task FillAsync(Workspace workspace, string folder, int scale);

    protected override async Task<IReadOnlyList<Contender>> CreateContendersAsync(Workspace workspace)
    {
        foreach (var scale in Scales)
        {
            Directory.CreateDirectory(Folder(workspace, scale));
            await FillAsync(workspace, Folder(workspace, scale), scale);
        }

        return
        [
            new(
                ContenderNames.Ours,
                _ => Task.CompletedTask,
                run => PublisherRunner.Command(
                    new PublisherJob(run.Target, Zstd: false, Path.Combine(run.Folder, "work"), [new PublisherImage("linux-x64", "scratch", Folder(workspace, run.Scale))]),
                    run.Folder),
                async run => run.Facts["layerBytes"] = (await PushedImage.ReadAsync(run.Registry.Address, run.Repository, "latest", ["linux/amd64"], baseImage: null)).Size),
        ];
    }

    private string Folder(Workspace workspace, int scale) => workspace[$"{Name}/{scale}"];
}
