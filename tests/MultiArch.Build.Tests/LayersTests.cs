using System.Security.Cryptography;
using System.Text.Json;
using MultiArch.Testing;

namespace MultiArch.Build.Tests;

/// <summary>The layers of a self-contained web app that has some of everything: published for two platforms, with one line changed, for one platform, and in one layer.</summary>
[TestClass]
public sealed class LayersTests
{
    private static readonly string[] Neutral = ["packages", "references", "content", "files"];

    private static TestProject Project { get; set; } = null!; // set before any test
    private static Dictionary<string, IReadOnlyList<ReportedLayer>> First { get; set; } = [];
    private static Dictionary<string, IReadOnlyList<ReportedLayer>> Changed { get; set; } = [];
    private static Dictionary<string, IReadOnlyList<ReportedLayer>> Alone { get; set; } = [];
    private static Dictionary<string, IReadOnlyList<ReportedLayer>> Single { get; set; } = [];
    private static IReadOnlyList<IReadOnlyList<string>> SplitContent { get; set; } = [];
    private static IReadOnlyList<IReadOnlyList<string>> SingleContent { get; set; } = [];
    private static IReadOnlyList<string?> History { get; set; } = [];

    [ClassInitialize]
    public static async Task PublishAsync(TestContext context)
    {
        Project = await CreateAsync();
        First = await PublishAsync([]);

        Project.With("Program.cs", Program("changed"));
        Changed = await PublishAsync([]);

        Alone = await PublishAsync(["-r", "linux-x64"]);
        var image = OciLayout.Read(Project.ImageFolder).Images.Single();
        SplitContent = Describe(image);
        History = [.. image.Config.History!.Select(entry => entry.Comment)];

        Single = await PublishAsync(["-r", "linux-x64", "-p:MultiArchLayering=single"]);
        SingleContent = Describe(OciLayout.Read(Project.ImageFolder).Images.Single());
    }

    [ClassCleanup]
    public static void RemoveProject() => Project.Dispose();

    [TestMethod]
    public void Each_platform_has_a_layer_for_what_changes_together()
    {
        foreach (var (platform, layers) in First)
        {
            Assert.AreEqual("runtime packages native files references content app", string.Join(' ', layers.Select(layer => layer.Title)), platform);
        }
    }

    [TestMethod]
    public void The_layers_hold_what_their_names_say()
    {
        var titles = Alone["linux/amd64"].Zip(SplitContent, (layer, entries) => (layer.Title, Files: entries.Select(entry => entry.Split(' ')[0]).Where(path => !path.EndsWith('/')).ToList()))
            .ToDictionary(layer => layer.Title, layer => layer.Files);

        foreach (var (path, title) in new[]
        {
            ("app/libcoreclr.so", "runtime"), ("app/System.Private.CoreLib.dll", "runtime"), ("app/Microsoft.AspNetCore.dll", "runtime"),
            ("app/wwwroot/picture.png", "content"), ("app/web.staticwebassets.endpoints.json", "content"), ("app/appsettings.json", "content"),
        })
        {
            Assert.Contains(path, titles[title]);
        }

        CollectionAssert.AreEqual(
            new[] { "app/Microsoft.Data.Sqlite.dll", "app/SQLitePCLRaw.batteries_v2.dll", "app/SQLitePCLRaw.core.dll", "app/SQLitePCLRaw.provider.e_sqlite3.dll" },
            titles["packages"]);
        CollectionAssert.AreEqual(new[] { "app/libe_sqlite3.so" }, titles["native"]);
        CollectionAssert.AreEqual(new[] { "etc/app.conf" }, titles["files"]);
        CollectionAssert.AreEqual(new[] { "app/lib.dll", "app/lib.pdb" }, titles["references"]);
        CollectionAssert.AreEqual(
            new[] { "app/hook.txt", "app/web", "app/web.deps.json", "app/web.dll", "app/web.pdb", "app/web.runtimeconfig.json" },
            titles["app"]);
    }

    [TestMethod]
    public void What_is_the_same_for_every_platform_is_one_layer_of_both()
    {
        foreach (var (x64, arm64) in First["linux/amd64"].Zip(First["linux/arm64"]))
        {
            Assert.AreEqual(Neutral.Contains(x64.Title), x64 == arm64, x64.Title);
        }
    }

    [TestMethod]
    public void One_changed_line_changes_the_apps_layer_alone_and_that_is_a_five_hundredth_of_all()
    {
        foreach (var (platform, layers) in First)
        {
            foreach (var (before, after) in layers.Zip(Changed[platform]))
            {
                Assert.AreEqual(before.Title != "app", before == after, $"{platform}: {before.Title}");
            }
        }

        var sent = Changed.Values.Sum(layers => layers[^1].Size);
        var all = Changed.Values.SelectMany(layers => layers).Distinct().Sum(layer => layer.Size);
        Assert.IsLessThanOrEqualTo(0.002, (double)sent / all, $"{sent} of {all} bytes.");
    }

    [TestMethod]
    public void A_platform_published_alone_has_the_layers_that_it_has_beside_another() =>
        CollectionAssert.AreEqual(Changed["linux/amd64"].ToArray(), Alone.Values.Single().ToArray());

    [TestMethod]
    public void The_images_history_names_the_layers() =>
        CollectionAssert.AreEqual(Alone["linux/amd64"].Select(layer => layer.Title).ToArray(), History.ToArray());

    [TestMethod]
    public void A_single_layer_holds_the_same_as_all_of_them()
    {
        Assert.AreEqual("app", Single["linux/amd64"].Single().Title);
        CollectionAssert.AreEqual(
            SplitContent.SelectMany(entries => entries).Distinct().Order(StringComparer.Ordinal).ToList(),
            SingleContent.Single().ToList());
    }

    [TestMethod]
    public void Every_layer_is_sorted_and_complete_by_itself()
    {
        foreach (var entries in SplitContent)
        {
            var paths = entries.Select(entry => entry.Split(' ')[0]).ToList();
            CollectionAssert.AreEqual(paths.Order(StringComparer.Ordinal).Distinct().ToList(), paths);
            foreach (var path in paths.Where(path => path.TrimEnd('/').Contains('/')))
            {
                Assert.Contains(path[..(path.TrimEnd('/').LastIndexOf('/') + 1)], paths, $"The folder of {path}.");
            }
        }
    }

    private static async Task<TestProject> CreateAsync() => (await TestProject.WebAsync("""
            <PropertyGroup>
              <PublishSelfContained>true</PublishSelfContained>
              <DefaultItemExcludes>$(DefaultItemExcludes);lib/**</DefaultItemExcludes>
            </PropertyGroup>
            <ItemGroup>
              <PackageReference Include="Microsoft.Data.Sqlite" Version="10.0.15" />
              <ProjectReference Include="lib/lib.csproj" />
              <MultiArchFile Include="app.conf" TargetPath="/etc/app.conf" />
            </ItemGroup>
            <Target Name="Hook" AfterTargets="Publish" Condition="'$(_MultiArchPlatform)' != ''"><WriteLinesToFile File="$(PublishDir)hook.txt" Lines="hook" /></Target>
            """))
        .With("Program.cs", Program("hello"))
        .With("app.conf", "conf")
        .With("appsettings.json", "{}")
        .With("wwwroot/picture.png", Noise(1))
        .With("lib/text.txt", Noise(2))
        .With("lib/Greeting.cs", "public static class Greeting { public static string Of(string name) => $\"hello {name}\"; }\n")
        .With("lib/lib.csproj", $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup><TargetFramework>{TestProject.Framework}</TargetFramework></PropertyGroup>
              <ItemGroup><EmbeddedResource Include="text.txt" /></ItemGroup>
            </Project>
            """);

    private static string Program(string greeting) => $$"""
        using Microsoft.Data.Sqlite;

        var app = WebApplication.CreateSlimBuilder(args).Build();
        app.MapStaticAssets();
        app.MapGet("/", () => Greeting.Of("{{greeting}}" + new SqliteConnection("Data Source=:memory:").ServerVersion));
        app.Run();
        """;

    /// <summary>Text of 100 kB, more than a layer needs to stay by itself.</summary>
    private static string Noise(int seed)
    {
        var bytes = new byte[75_000];
        new Random(seed).NextBytes(bytes);
        return Convert.ToBase64String(bytes);
    }

    private static async Task<Dictionary<string, IReadOnlyList<ReportedLayer>>> PublishAsync(string[] arguments)
    {
        (await Project.PublishAsync(arguments)).ShouldSucceed();
        using var report = JsonDocument.Parse(await File.ReadAllBytesAsync(Project.ImageFolder + ".json"));
        return report.RootElement.GetProperty("platforms").EnumerateArray().ToDictionary(
            platform => platform.GetProperty("platform").GetString()!,
            IReadOnlyList<ReportedLayer> (platform) => [.. platform.GetProperty("layers").EnumerateArray().Select(ReportedLayer.Read)]);
    }

    /// <summary>Path, type, mode, owner, link target and content of every entry, by layer.</summary>
    private static List<IReadOnlyList<string>> Describe(OciImage image) =>
        [.. image.Layers.Select(IReadOnlyList<string> (layer) => [.. layer.Select(entry =>
            $"{entry.Name} {entry.EntryType} {Convert.ToString((int)entry.Mode, 8)} {entry.Uid}:{entry.Gid} {entry.LinkName} {Convert.ToHexStringLower(SHA256.HashData(entry.DataStream ?? Stream.Null))}")])];

    private sealed record ReportedLayer(string Title, string Digest, long Size)
    {
        public static ReportedLayer Read(JsonElement layer) =>
            new(layer.GetProperty("title").GetString()!, layer.GetProperty("digest").GetString()!, layer.GetProperty("size").GetInt64());
    }
}
