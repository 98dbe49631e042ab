using System.Formats.Tar;
using System.IO.Compression;
using System.Runtime.InteropServices;
using MultiArch.Oci;
using MultiArch.Oci.Formats;
using MultiArch.Oci.Images;
using MultiArch.Oci.Layers;
using MultiArch.Oci.Publishing;
using MultiArch.Oci.Registry.Transport;
using MultiArch.Oci.Storage;
using MultiArch.Testing;

namespace MultiArch.Registry.Tests.RealServers;

/// <summary>An image for amd64 and arm64 that any runtime can start, and of 2 MB: a shell, and a script that says what machine it runs on.</summary>
internal sealed class RunnableImage : IProgress<PublishEvent>, IDisposable
{
    public const string Tag = "1.0";

    private static readonly Dictionary<string, Platform> Platforms = new() { ["linux-x64"] = Platform.LinuxAmd64, ["linux-arm64"] = Platform.LinuxArm64 };

    private static readonly ImageSettings Settings = new(
        "2020-01-02T03:04:05Z", "/app", User: null, new StartCommand(["/app/hello"], [], [], [], []), [], new Dictionary<string, string>(), [], ImageAnnotations.None, GeneratedLabels.None);

    private readonly TempDirectory _folder = new();

    private RunnableImage() => _folder.Write("hello", "#!/bin/sh\necho \"hello from $(/bin/busybox uname -m)\"\n");

    /// <summary>Takes the shell of each platform out of the tests' base.</summary>
    public static async Task<RunnableImage> CreateAsync(CancellationToken cancellationToken)
    {
        var image = new RunnableImage();
        using var layout = ImageLayout.Open(await TestBase.GetLayoutAsync());
        var index = (await layout.FindManifestAsync("latest", cancellationToken))!;
        foreach (var entry in ImageIndex.Parse(index.Bytes.Span).Manifests)
        {
            var manifest = ImageManifest.Parse((await layout.FindManifestAsync(entry.Digest.ToString(), cancellationToken))!.Bytes.Span);
            await using var blob = await layout.OpenBlobAsync(manifest.Layers.Single(), cancellationToken);
            await using var gzip = new GZipStream(blob, CompressionMode.Decompress);
            await ExtractAsync(gzip, "busybox", image._folder[entry.Platform!.Architecture], cancellationToken);
        }

        return image;
    }

    /// <summary>What the image says on a platform.</summary>
    public static string GreetingOf(Platform platform) => $"hello from {(platform == Platform.LinuxArm64 ? "aarch64" : "x86_64")}";

    /// <summary>Ends the test where the kernel starts no program of the platform.</summary>
    public static void RequireToRun(Platform platform)
    {
        if (Emulator.IsNeededFor(platform) && !Emulator.IsRegistered(platform))
        {
            Assert.Inconclusive($"This machine ({RuntimeInformation.OSArchitecture}) starts no programs for {platform}.");
        }
    }

    /// <summary>Publishes the image for these, or for both, and returns the index.</summary>
    public async Task<Document> PublishAsync(IImageStore destination, CancellationToken cancellationToken, params IReadOnlyList<string> runtimeIdentifiers)
    {
        var plans = (runtimeIdentifiers.Count > 0 ? runtimeIdentifiers : [.. Platforms.Keys]).Select(rid => new ImagePlan(rid, "scratch", LayersOf(Platforms[rid]), Settings));
        using var transport = new RegistryTransport();
        using var sources = new ImageSources(transport);
        var request = new PublishRequest([.. plans], _folder.Path, [Tag], ImageFormat.Oci, _folder[Path.GetRandomFileName()]);
        return (await new ImagePublisher(destination, sources, this, TimeProvider.System).PublishAsync(request, cancellationToken)).Index!;
    }

    public void Report(PublishEvent value)
    {
    }

    public void Dispose() => _folder.Dispose();

    private static async Task ExtractAsync(Stream tar, string name, string path, CancellationToken cancellationToken)
    {
        await using var reader = new TarReader(tar);
        while (await reader.GetNextEntryAsync(cancellationToken: cancellationToken) is { } entry)
        {
            if (entry.EntryType is TarEntryType.RegularFile && Path.GetFileName(entry.Name) == name)
            {
                await entry.ExtractToFileAsync(path, overwrite: false, cancellationToken);
                return;
            }
        }

        Assert.Fail($"The tests' base has no {name}.");
    }

    private IReadOnlyList<LayerPlan> LayersOf(Platform platform) =>
    [
        new("shell", [new("bin/busybox", _folder[platform.Architecture]), LayerFile.Symlink("bin/sh", "busybox")]),
        new("app", [new("app/hello", _folder["hello"])]),
    ];
}
