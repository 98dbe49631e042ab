using MultiArch.Oci.Layers;

namespace MultiArch.Oci.Tests.Layers;

/// <summary>Which layer a published file goes into, by its path and its origin.</summary>
[TestClass]
public sealed class FileOriginTests
{
    private static readonly FileOrigin Runtime = new FileOrigin.Runtime();
    private static readonly FileOrigin Reference = new FileOrigin.Reference();
    private static readonly FileOrigin Source = new FileOrigin.Source();
    private static readonly FileOrigin Build = new FileOrigin.Build();

    public static IEnumerable<(string Path, FileOrigin Origin, LayerKind Layer)> Files =>
    [
        ("System.Runtime.dll", Runtime, LayerKind.Runtime),
        ("libcoreclr.so", Runtime, LayerKind.Runtime),
        ("Lib.dll", Package("lib/net8.0/Lib.dll"), LayerKind.Packages),
        ("de/Lib.resources.dll", Package("lib/net8.0/de/Lib.resources.dll"), LayerKind.Packages),
        ("tool/data.bin", Package(""), LayerKind.Packages),
        ("Unix.dll", Package("runtimes/unix/lib/net8.0/Unix.dll"), LayerKind.Packages),
        ("Any.dll", Package("runtimes/any/lib/net8.0/Any.dll"), LayerKind.Packages),
        ("a-b", Package("runtimes/a-b"), LayerKind.Packages),
        ("Arm.dll", Package("runtimes/linux-arm64/lib/net8.0/Arm.dll"), LayerKind.Native),
        ("libx.so", Package("runtimes/linux-musl-x64/native/libx.so"), LayerKind.Native),
        ("libx.so", new FileOrigin.Package("runtimes/linux/native/libx.so", IsNative: true), LayerKind.Native),
        ("Lib.dll", new FileOrigin.Package("lib/net8.0/Lib.dll", IsCompiled: true), LayerKind.Native),
        ("lib.dll", Reference, LayerKind.References),
        ("appsettings.json", Source, LayerKind.Content),
        ("app.dll", Build, LayerKind.App),
        ("wwwroot/css/site.css", Build, LayerKind.Content),
        ("wwwroot/_content/Package/x.js", Package("staticwebassets/x.js"), LayerKind.Content),
        ("wwwroot/_framework/lib.wasm", Reference, LayerKind.Content),
        ("app.staticwebassets.endpoints.json", Build, LayerKind.Content),
        ("wwwroot.txt", Build, LayerKind.App),
        ("deep/wwwroot/x.js", Build, LayerKind.App),
    ];

    [TestMethod]
    [DynamicData(nameof(Files))]
    public void The_layer_follows_from_path_and_origin(string path, FileOrigin origin, LayerKind layer) =>
        Assert.AreEqual(layer, origin.LayerOf(path));

    private static FileOrigin.Package Package(string path) => new(path);
}
