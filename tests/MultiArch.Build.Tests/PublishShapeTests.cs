using MultiArch.Testing;

namespace MultiArch.Build.Tests;

/// <summary>Whatever the shape of the publish, each platform's image holds what <c>dotnet publish -r</c> makes of that project, for that machine.</summary>
/// <remarks>
/// Each shape once, and between them both pairs of platforms; <c>MULTIARCH_MATRIX=full</c> runs every shape with every pair, and compares both
/// platforms with a publish of their own, where otherwise the second does, which takes over what the first has compiled. HelloWeb is self-contained.
/// </remarks>
[TestClass]
public sealed class PublishShapeTests
{
    private const string Glibc = "linux-x64;linux-arm64";
    private const string MuslAndGlibc = "linux-musl-x64;linux-arm64";

    private static readonly Dictionary<string, string> Shapes = new()
    {
        ["framework-dependent"] = "",
        ["self-contained"] = "<PublishSelfContained>true</PublishSelfContained>",
        ["ready-to-run"] = "<PublishReadyToRun>true</PublishReadyToRun><SelfContained>false</SelfContained>",
        ["single file"] = "<PublishSingleFile>true</PublishSingleFile>",
        ["trimmed"] = "<PublishTrimmed>true</PublishTrimmed>",
    };

    /// <summary>Library and static files are tiny, and so is what the trimmer leaves of the managed packages. A package's assembly that was compiled for the platform is its own.</summary>
    private static readonly Dictionary<string, string> Layers = new()
    {
        ["framework-dependent"] = "packages native app",
        ["self-contained"] = "runtime packages native app",
        ["ready-to-run"] = "native app",
        ["single file"] = "native app",
        ["trimmed"] = "runtime native app",
    };

    private const string Web = """
        using Microsoft.Data.Sqlite;

        var app = WebApplication.CreateSlimBuilder(args).Build();
        app.MapStaticAssets();
        app.MapGet("/", () => Greeting.Of(new SqliteConnection("Data Source=:memory:").ServerVersion));
        app.Run();
        """;

    private const string Console = """
        System.Console.WriteLine(Greeting.Of(new Microsoft.Data.Sqlite.SqliteConnection("Data Source=:memory:").ServerVersion));
        """;

    private static bool IsFull => Environment.GetEnvironmentVariable("MULTIARCH_MATRIX") is "full";

    public static IEnumerable<(string Shape, string Platforms)> Matrix =>
        IsFull
            ? Shapes.Keys.SelectMany(shape => new[] { (shape, Glibc), (shape, MuslAndGlibc) })
            : [("framework-dependent", MuslAndGlibc), ("ready-to-run", Glibc), ("single file", MuslAndGlibc), ("trimmed", Glibc)];

    [TestMethod]
    [DynamicData(nameof(Matrix))]
    public async Task Each_platform_has_the_files_of_a_publish_for_it_alone(string shape, string platforms)
    {
        using var project = await CreateAsync(shape, platforms);
        using var plain = new TempDirectory();

        (await project.PublishAsync("-bl:publish.binlog")).ShouldSucceed();

        var log = BinaryLog.Read(Path.Combine(project.Folder, "publish.binlog"));
        Assert.AreEqual(1, log.CountTasks("Csc", "app.csproj"), "The app is compiled once.");
        Assert.AreEqual(1, log.CountTasks("Csc", "lib.csproj"), "The library is compiled once.");
        var layout = OciLayout.Read(project.ImageFolder);
        foreach (var runtimeIdentifier in platforms.Split(';'))
        {
            var image = layout[runtimeIdentifier.EndsWith("-arm64", StringComparison.Ordinal) ? "linux/arm64" : "linux/amd64"];
            Assert.AreEqual(Layers[shape], string.Join(' ', image.Config.History!.Select(entry => entry.Comment)));
            var files = image.OfApp();
            if (IsFull || runtimeIdentifier == platforms.Split(';')[^1])
            {
                (await project.DotnetAsync("publish", "-r", runtimeIdentifier, "-o", plain[runtimeIdentifier])).ShouldSucceed();
                PublishedFiles.ShouldBe(files, plain[runtimeIdentifier], "app", "lib");
            }

            var (machine, loader) = runtimeIdentifier switch
            {
                "linux-x64" => (62, "/lib64/ld-linux-x86-64.so"),
                "linux-musl-x64" => (62, "/lib/ld-musl-x86_64.so"),
                _ => (183, "/lib/ld-linux-aarch64.so"),
            };
            PublishedFiles.ElfFilesShouldBe(files, machine, loader);
        }
    }

    /// <summary>A web app with static files, or where it is trimmed a console app, since the trimmer reads every assembly of a framework; a library of its own, and a package that brings native code for each platform.</summary>
    private static async Task<TestProject> CreateAsync(string shape, string platforms)
    {
        Func<string, string, Task<TestProject>> create = shape is "trimmed" ? (body, name) => TestProject.ConsoleAsync(body, name) : (body, name) => TestProject.WebAsync(body, name);
        var project = await create(
            $"""
            <PropertyGroup>
              {Shapes[shape]}
              <ContainerRuntimeIdentifiers>{platforms}</ContainerRuntimeIdentifiers>
              <DefaultItemExcludes>$(DefaultItemExcludes);lib/**</DefaultItemExcludes>
            </PropertyGroup>
            <ItemGroup>
              <PackageReference Include="Microsoft.Data.Sqlite" Version="10.0.15" />
              <ProjectReference Include="lib/lib.csproj" />
            </ItemGroup>
            """,
            "app");
        return project
            .With("Program.cs", shape is "trimmed" ? Console : Web)
            .With("wwwroot/site.css", "body { color: green }\n")
            .With("lib/Greeting.cs", "public static class Greeting { public static string Of(string name) => $\"hello {name}\"; }\n")
            .With("lib/lib.csproj", $"""
                <Project Sdk="Microsoft.NET.Sdk">
                  <PropertyGroup><TargetFramework>{TestProject.Framework}</TargetFramework></PropertyGroup>
                </Project>
                """);
    }
}
