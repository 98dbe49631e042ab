using System.IO.Compression;
using MultiArch.Testing;

namespace MultiArch.Build.Tests;

/// <summary>What a publish does when nothing has changed, counted; and that it does all of it again when something has.</summary>
[TestClass]
public sealed class NoOpPublishTests
{
    private const string Package = "MultiArch.Test.Dye";

    [TestMethod]
    public async Task An_unchanged_publish_evaluates_and_writes_little_and_a_version_that_one_platform_alone_sees_is_restored()
    {
        Tool.Require("stat");
        using var elsewhere = new TempDirectory(); // A file in the project's folder would be an item of the next publish.
        var feed = Path.Combine(elsewhere.Path, "feed");
        Pack(feed, "1.0.0");
        Pack(feed, "2.0.0");
        using var project = (await TestProject.WebAsync($"""
            <PropertyGroup><RestoreAdditionalProjectSources>{feed}</RestoreAdditionalProjectSources></PropertyGroup>
            <ItemGroup>
              <ProjectReference Include="../library/library.csproj" />
              <PackageReference Include="{Package}" Version="$(DyeVersion)" Condition="'$(RuntimeIdentifier)' == 'linux-arm64'" />
            </ItemGroup>
            <Import Project="../versions.props" />
            """, folder: "app"))
            .With("Program.cs", "var app = WebApplication.CreateSlimBuilder(args).Build();\napp.MapGet(\"/\", () => Library.Greeting.Text);\napp.Run();\n")
            .With("wwwroot/site.css", "body { color: blue; }\n")
            .With("../versions.props", "<Project><PropertyGroup><DyeVersion>1.0.0</DyeVersion></PropertyGroup></Project>")
            .With("../library/library.csproj", $"<Project Sdk=\"Microsoft.NET.Sdk\"><PropertyGroup><TargetFramework>{TestProject.Framework}</TargetFramework></PropertyGroup></Project>\n")
            .With("../library/Greeting.cs", "namespace Library; public static class Greeting { public static string Text => \"hello\"; }\n");

        var first = (await project.PublishAsync($"-bl:{elsewhere["first.binlog"]}")).ShouldSucceed();

        Assert.AreEqual("1.0.0", Dye(project));
        var build = BinaryLog.Read(elsewhere["first.binlog"]);
        Assert.AreEqual(3, build.CountTasks("RestoreTask", "web.csproj"), "The user's, and one for each platform.");
        Assert.AreEqual(1, build.CountTasks("Csc", "web.csproj"));
        Assert.AreEqual(1, build.CountTasks("BrotliCompress", "web.csproj"), "One platform compresses for both.");
        var before = await FilesAsync(project);

        var second = (await project.PublishAsync($"-bl:{elsewhere["second.binlog"]}")).ShouldSucceed();

        Assert.AreEqual(first.PublishedDigest(), second.PublishedDigest());
        Assert.AreEqual("", string.Join('\n', before.Except(await FilesAsync(project))), "Neither written nor copied: the same file, with the same time.");
        var unchanged = BinaryLog.Read(elsewhere["second.binlog"]);
        Assert.AreEqual(1, unchanged.CountTasks("RestoreTask", "web.csproj"), "The user's alone.");
        Assert.AreEqual(0, unchanged.CountTasks("Csc", "web.csproj") + unchanged.CountTasks("Csc", "library.csproj"));
        Assert.AreEqual(0, unchanged.CountTasks("BrotliCompress", "web.csproj"), "No tool is started.");
        Assert.AreEqual(5, unchanged.CountEvaluations("web.csproj"), "Two for the user's restore, the index, and each platform.");
        Assert.AreEqual(2, unchanged.CountEvaluations("library.csproj"), "The user's restore and its build.");

        project.With("../versions.props", "<Project><PropertyGroup><DyeVersion>2.0.0</DyeVersion></PropertyGroup></Project>");
        (await project.PublishAsync($"-bl:{elsewhere["third.binlog"]}")).ShouldSucceed();

        Assert.AreEqual("2.0.0", Dye(project));
        Assert.AreEqual(2, BinaryLog.Read(elsewhere["third.binlog"]).CountTasks("RestoreTask", "web.csproj"), "The user's, which sees no change, and the one platform's.");
    }

    private static string Dye(TestProject project)
    {
        var layout = OciLayout.Read(project.ImageFolder);
        Assert.IsFalse(layout["linux/amd64"].Entries.Any(entry => entry.Name == "app/libdye.so"));
        return System.Text.Encoding.UTF8.GetString(layout["linux/arm64"].Read("app/libdye.so"));
    }

    /// <summary>A package that brings one file for a platform.</summary>
    private static void Pack(string feed, string version)
    {
        Directory.CreateDirectory(feed);
        using var package = ZipFile.Open(Path.Combine(feed, $"{Package}.{version}.nupkg"), ZipArchiveMode.Create);
        Write(package, $"{Package}.nuspec", $"""
            <package><metadata><id>{Package}</id><version>{version}</version><authors>tests</authors><description>A file.</description></metadata></package>
            """);
        Write(package, "runtimes/linux-arm64/native/libdye.so", version);
    }

    private static void Write(ZipArchive package, string name, string content)
    {
        using var writer = new StreamWriter(package.CreateEntry(name).Open());
        writer.Write(content);
    }

    /// <summary>Path, inode, time and size of everything that a publish has made, but for what .NET itself writes anew each time.</summary>
    private static async Task<IReadOnlyList<string>> FilesAsync(TestProject project)
    {
        var files = new[] { "bin", "obj/multiarch" }
            .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(project.Folder, folder), "*", SearchOption.AllDirectories))
            .Where(file => !IsRewrittenByTheSdk(Path.GetFileName(file)))
            .ToList();
        Assert.IsTrue(files.Exists(file => file.EndsWith("/publish/web.dll", StringComparison.Ordinal)));
        Assert.IsTrue(files.Exists(file => file.EndsWith("image.plan.json", StringComparison.Ordinal)));
        return (await new CommandLine("stat", ["--format=%n %i %y %s", .. files]).RunAsync()).ShouldSucceed().Output.Split('\n');
    }

    private static bool IsRewrittenByTheSdk(string name) =>
        name == "web.config" // by TransformWebConfig, which the Web SDK hangs on Publish
        || name.EndsWith(".staticwebassets.endpoints.json", StringComparison.Ordinal) // copied with times of the build in it, which are then set to one
        || name.StartsWith("PublishOutputs.", StringComparison.Ordinal);
}
