using MultiArch.Oci.Layers;
using TaskItem = Microsoft.Build.Utilities.TaskItem;

namespace MultiArch.Build.Tests;

/// <summary>What the SDK's items say of a published file's origin; the metadata are those of SDK 10.0.401.</summary>
[TestClass]
public sealed class FileOriginsTests
{
    private const string Packages = "/home/me/.nuget/packages/";
    private const string Obj = "/src/app/obj/";
    private const string Platform = Obj + "multiarch/Release/net10.0/linux-x64/";

    private static readonly TaskItem[] RuntimePacks = [Item("Microsoft.NETCore.App.Runtime.linux-x64", "", ("NuGetPackageId", "Microsoft.NETCore.App.Runtime.linux-x64"))];

    private static readonly TaskItem Assembly = Item(
        Packages + "lib/1.0.0/lib/net8.0/Lib.dll", "Lib.dll", ("NuGetPackageId", "Lib"), ("AssetType", "runtime"), ("PathInPackage", "lib/net8.0/Lib.dll"));

    private static readonly TaskItem CompiledAssembly = Item(
        Platform + "R2R/Lib.dll", "Lib.dll", ("NuGetPackageId", "Lib"), ("AssetType", "runtime"), ("PathInPackage", "lib/net8.0/Lib.dll"), ("PostprocessAssembly", "true"));

    private static readonly TaskItem TrimmedAssembly = Item(
        Platform + "linked/Lib.dll", "Lib.dll", ("NuGetPackageId", "Lib"), ("AssetType", "runtime"), ("PathInPackage", "lib/net8.0/Lib.dll"), ("PostprocessAssembly", "true"));

    public static IEnumerable<(TaskItem Item, FileOrigin Origin)> Items =>
    [
        (Item(Packages + "microsoft.netcore.app.runtime.linux-x64/10.0.12/runtimes/linux-x64/lib/net10.0/System.Runtime.dll", "System.Runtime.dll",
            ("NuGetPackageId", "Microsoft.NETCore.App.Runtime.linux-x64"), ("AssetType", "runtime"), ("RuntimeIdentifier", "linux-x64")), new FileOrigin.Runtime()),
        (Item(Platform + "linked/System.Runtime.dll", "System.Runtime.dll",
            ("NuGetPackageId", "Microsoft.NETCore.App.Runtime.linux-x64"), ("AssetType", "runtime"), ("RuntimeIdentifier", "linux-x64")), new FileOrigin.Runtime()),
        (Assembly, new FileOrigin.Package("lib/net8.0/Lib.dll")),
        (TrimmedAssembly, new FileOrigin.Package("lib/net8.0/Lib.dll")),
        (Item(Packages + "lib/1.0.0/lib/net8.0/de/Lib.resources.dll", "de/Lib.resources.dll",
            ("NuGetPackageId", "Lib"), ("AssetType", "resources"), ("Culture", "de"), ("PathInPackage", "lib/net8.0/de/Lib.resources.dll")), new FileOrigin.Package("lib/net8.0/de/Lib.resources.dll")),
        (Item(Packages + "native/1.0.0/runtimes/linux-x64/native/libx.so", "libx.so",
            ("NuGetPackageId", "Native"), ("AssetType", "native"), ("PathInPackage", "runtimes/linux-x64/native/libx.so")), new FileOrigin.Package("runtimes/linux-x64/native/libx.so", IsNative: true)),
        (Item(Packages + "tool/1.0.0/tools/data.bin", "tool/data.bin"), new FileOrigin.Package("tools/data.bin")),
        (Item(Packages + "tool/1.0.0/contentFiles/any/any/x.txt", "x.txt", ("NuGetPackageId", "Tool")), new FileOrigin.Package("contentFiles/any/any/x.txt")),
        (Item("/fallback/tool/1.0.0/runtimes/linux-x64/tool", "tool", ("TargetPath", "tool")), new FileOrigin.Package("runtimes/linux-x64/tool")),
        (Item("/src/lib/bin/Release/net10.0/lib.dll", "lib.dll", ("ReferenceSourceTarget", "ProjectReference"), ("MSBuildSourceProjectFile", "/src/lib/lib.csproj")), new FileOrigin.Reference()),
        (Item(Platform + "R2R/lib.dll", "lib.dll", ("ReferenceSourceTarget", "ProjectReference"), ("MSBuildSourceProjectFile", "/src/lib/lib.csproj")), new FileOrigin.Reference()),
        (Item("/src/libs/Old.dll", "Old.dll", ("ReferenceSourceTarget", "ResolveAssemblyReference"), ("HintPath", "../libs/Old.dll")), new FileOrigin.Reference()),
        (Item(Platform + "app.dll", "app.dll"), new FileOrigin.Build()),
        (Item(Platform + "de/app.resources.dll", @"de\app.resources.dll", ("Culture", "de")), new FileOrigin.Build()),
        (Item(Platform + "bin/app.deps.json", "app.deps.json"), new FileOrigin.Build()),
        (Item(Obj + "version.txt", "version.txt"), new FileOrigin.Build()),
        (Item("/src/app/appsettings.json", "appsettings.json"), new FileOrigin.Source()),
        (Item("/src/app/objects/data.txt", "data.txt"), new FileOrigin.Source()),
        (Item("/elsewhere/model.onnx", "models/model.onnx", ("CopyToPublishDirectory", "Always")), new FileOrigin.Source()),
    ];

    [TestMethod]
    [DynamicData(nameof(Items))]
    public void An_item_says_where_its_file_comes_from(TaskItem item, FileOrigin origin)
    {
        foreach (var isReadyToRun in origin is FileOrigin.Package ? new[] { false } : [false, true])
        {
            Assert.AreEqual(origin, Read([item], isReadyToRun).Of(item.GetMetadata("RelativePath").Replace('\\', '/')));
        }
    }

    [TestMethod]
    public void With_ReadyToRun_what_was_compiled_of_a_package_is_the_platforms_and_what_was_not_stays_everyones()
    {
        Assert.AreEqual(new FileOrigin.Package("lib/net8.0/Lib.dll", IsCompiled: true), Read([CompiledAssembly], isReadyToRun: true).Of("Lib.dll"));
        Assert.AreEqual(new FileOrigin.Package("lib/net8.0/Lib.dll"), Read([Assembly], isReadyToRun: true).Of("Lib.dll"));
    }

    [TestMethod]
    public void What_no_item_names_is_the_builds() =>
        Assert.AreEqual(new FileOrigin.Build(), Read([Assembly], isReadyToRun: false).Of("hook.txt"));

    [TestMethod]
    public void Of_two_items_for_one_path_the_later_counts() =>
        Assert.AreEqual(new FileOrigin.Source(), Read([Assembly, Item("/src/app/Lib.dll", "Lib.dll")], isReadyToRun: false).Of("Lib.dll"));

    private static FileOrigins Read(TaskItem[] items, bool isReadyToRun) => new(items, RuntimePacks, [Packages, "/fallback"], Obj, isReadyToRun);

    private static TaskItem Item(string file, string relativePath, params (string Name, string Value)[] metadata) =>
        new(file, metadata.Append(("RelativePath", relativePath)).ToDictionary(pair => pair.Item1, pair => pair.Item2));
}
