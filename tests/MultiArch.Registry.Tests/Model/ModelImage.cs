using MultiArch.Oci;
using MultiArch.Oci.Formats;
using MultiArch.Oci.Images;
using MultiArch.Oci.Layers;
using MultiArch.Testing;
using MultiArch.Testing.InMemory;

namespace MultiArch.Registry.Tests.Model;

/// <summary>An image of two platforms, which many publish: a few hundred bytes, if no more is asked for.</summary>
internal sealed class ModelImage : IDisposable
{
    public const string Repository = "app";
    public const string BaseRepository = "base";

    private static readonly ImageSettings Settings = new(
        "2020-01-02T03:04:05Z", "/app", User: null, new StartCommand(["/app/app"], [], [], [], []), [], new Dictionary<string, string>(), [], ImageAnnotations.None, GeneratedLabels.None);

    private readonly TempDirectory _folder = new();
    private readonly Dictionary<string, LayerPlan[]> _layers;
    private int _works;

    /// <param name="size">Bytes of what only one platform has; they do not compress.</param>
    public ModelImage(int size = 16)
    {
        var app = new LayerPlan("app", [new("app/app", _folder.Write("app", "hello"))]);
        _layers = new[] { "linux-x64", "linux-arm64" }
            .ToDictionary(rid => rid, rid => new[] { new LayerPlan("runtime", [new("app/runtime", WriteRuntime(rid, size))]), app });
    }

    public static IReadOnlyList<string> Tags { get; } = ["first-tag", "second-tag"];

    public string Folder => _folder.Path;

    /// <summary>A folder for the layers of one run.</summary>
    public string CreateWorkFolder() => _folder[$"work-{Interlocked.Increment(ref _works)}"];

    public IReadOnlyList<ImagePlan> Plans(string baseImage) => [.. _layers.Select(platform => new ImagePlan(platform.Key, baseImage, platform.Value, Settings))];

    /// <summary>Puts a base of two platforms, as <c>base:1</c>, into a registry.</summary>
    public static void WriteBase(RegistryContent content) => Write(content, BaseRepository, "base layer", "1");

    /// <summary>Puts what the tags name before the publish into a registry, and returns its digest.</summary>
    public static string WriteOld(RegistryContent content) => Write(content, Repository, "old layer", [.. Tags]);

    public void Dispose() => _folder.Dispose();

    private string WriteRuntime(string runtimeIdentifier, int size)
    {
        var path = _folder.Write($"{runtimeIdentifier}/runtime", "");
        var content = new byte[size];
        new Random(runtimeIdentifier.Length).NextBytes(content);
        File.WriteAllBytes(path, content);
        return path;
    }

    private static string Write(RegistryContent content, string repository, string layerContent, params string[] tags)
    {
        var entries = new List<Descriptor>();
        foreach (var platform in new[] { Platform.LinuxAmd64, Platform.LinuxArm64 })
        {
            var layer = TestBlob.Of($"{layerContent} {platform}");
            var config = (ImageConfig.Empty(platform) with { RootFS = new RootFileSystem([layer.Descriptor.Digest]) }).ToDocument(ImageFormat.Oci);
            var manifest = new ImageManifest(MediaTypes.OciManifest, config.Describe(), [layer.Descriptor]).ToDocument();
            content.AddBlob(repository, layer.Content);
            content.AddBlob(repository, config.Bytes.ToArray());
            content.AddManifest(repository, manifest.MediaType, manifest.Bytes.ToArray());
            entries.Add(manifest.Describe() with { Platform = platform });
        }

        var index = new ImageIndex(MediaTypes.OciIndex, entries).ToDocument();
        content.AddManifest(repository, index.MediaType, index.Bytes.ToArray());
        foreach (var tag in tags)
        {
            content.MoveTag(repository, tag, index.Digest.ToString());
        }

        return index.Digest.ToString();
    }
}
