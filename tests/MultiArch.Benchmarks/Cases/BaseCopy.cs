using MultiArch.Benchmarks.Measuring;
using MultiArch.Benchmarks.Registries;

namespace MultiArch.Benchmarks.Cases;

/// <summary>A base for two platforms goes from one registry to another that has none of it.</summary>
/// <remarks>Ours makes an image without a layer of its own: all that is sent is the base's.</remarks>
internal sealed class BaseCopy() : BenchmarkCase("base-copy", runs: 5)
{
    private static readonly string[] Platforms = ["linux/amd64", "linux/arm64"];

    protected override bool HasBases => false;

    protected override async Task<IReadOnlyList<Contender>> CreateContendersAsync(Workspace workspace)
    {
        var source = await workspace.StartRegistryAsync();
        workspace.DisposeAtEnd(source);
        var image = $"{source.LocalName}/{Workspace.FrameworkBase}:latest";
        return
        [
            new(
                ContenderNames.Ours,
                _ => Task.CompletedTask,
                run => PublisherRunner.Command(
                    new PublisherJob(
                        run.Target,
                        Zstd: false,
                        Path.Combine(run.Folder, "work"),
                        [.. SampleApp.TwoPlatforms.Select(identifier => new PublisherImage(identifier, image, Folder: null))]),
                    run.Folder),
                VerifyAsync),
            new(
                ContenderNames.Skopeo,
                _ => Task.CompletedTask,
                run => new MeasuredCommand(
                    [
                        "skopeo", "--insecure-policy", "copy", "--quiet", "--all", "--src-tls-verify=false", "--dest-tls-verify=false",
                        $"docker://{image}", $"docker://{run.Target}",
                    ],
                    run.Folder,
                    new Dictionary<string, string?> { ["TMPDIR"] = run.Folder }),
                VerifyAsync),
        ];
    }

    private static async Task VerifyAsync(Run run) =>
        run.Facts["layerBytes"] = (await PushedImage.ReadAsync(run.Registry.Address, run.Repository, "latest", Platforms, baseImage: null)).Size;
}
