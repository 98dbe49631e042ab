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

/// <summary>An image for amd64 and arm64 that any runtime can start: a script on the tests' base, which says what machine it runs on.</summary>
internal sealed class RunnableImage : IProgress<PublishEvent>, IDisposable
{
    public const string Tag = "1.0";

    private static readonly ImageSettings Settings = new(
        "2020-01-02T03:04:05Z", "/app", User: null, new StartCommand(["/app/hello"], [], [], [], []), [], new Dictionary<string, string>(), [], ImageAnnotations.None, GeneratedLabels.None);

    private readonly TempDirectory _folder = new();

    public RunnableImage() => _folder.Write("hello", "#!/bin/sh\necho \"hello from $(uname -m)\"\n");

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
        var @base = $"oci:{await TestBase.GetLayoutAsync()}";
        IReadOnlyList<string> rids = runtimeIdentifiers.Count > 0 ? runtimeIdentifiers : ["linux-x64", "linux-arm64"];
        IReadOnlyList<LayerPlan> layers = [new("app", [new("app/hello", _folder["hello"])])];
        using var transport = new RegistryTransport();
        using var sources = new ImageSources(transport);
        var request = new PublishRequest([.. rids.Select(rid => new ImagePlan(rid, @base, layers, Settings))], _folder.Path, [Tag], ImageFormat.Oci, _folder[Path.GetRandomFileName()]);
        return (await new ImagePublisher(destination, sources, this, TimeProvider.System).PublishAsync(request, cancellationToken)).Index!;
    }

    public void Report(PublishEvent value)
    {
    }

    public void Dispose() => _folder.Dispose();
}
