using MultiArch.Oci.Formats;
using MultiArch.Oci.Images;
using MultiArch.Oci.Layers;

namespace MultiArch.Oci.Tests.Images;

/// <summary>A base, a plan and layers with digests that are easy to see.</summary>
internal static class Sample
{
    public const string Created = "2020-01-02T03:04:05Z";

    public static ImageSettings Settings { get; } = new(
        Created,
        "/app",
        User: null,
        new StartCommand(["/app/web"], [], [], [], []),
        Environment: [],
        new Dictionary<string, string>(),
        Ports: [],
        ImageAnnotations.None,
        GeneratedLabels.None);

    /// <summary>64 times the same digit.</summary>
    public static Digest Digest(char digit) => Oci.Digest.Parse($"sha256:{new string(digit, 64)}");

    /// <summary>A layer whose diffID is made of the next digit.</summary>
    public static Layer Layer(char digit, string title = "app") =>
        new(new Descriptor(MediaTypes.OciLayerGzip, Digest(digit), 100 + digit), Digest((char)(digit + 1)), title, 1000, "/nowhere");

    public static ImagePlan Plan(ImageSettings? settings = null, string runtimeIdentifier = "linux-x64") =>
        new(runtimeIdentifier, "scratch", [], settings ?? Settings);

    public static BaseImage Base(string config, params Descriptor[] layers) => new(
        new BaseReference.Image(new ImageLocation.Registry(ImageReference.Parse("r.io/base:1"))),
        Digest('b'),
        layers,
        ImageConfig.Parse(Formats.Json.Bytes(config)));

    /// <param name="container">The members of the config's <c>config</c>, as JSON without braces.</param>
    public static BaseImage BaseWith(string container) =>
        Base($$$"""{"architecture":"amd64","os":"linux","config":{{{{container}}}},"rootfs":{"type":"layers","diff_ids":[]}}""");
}
