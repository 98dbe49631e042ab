using MultiArch.Testing;

namespace MultiArch.Build.Tests;

/// <summary>A publish of what has not changed changes nothing.</summary>
[TestClass]
public sealed class IncrementalPublishTests
{
    [TestMethod]
    public async Task An_unchanged_publish_changes_neither_content_nor_time_of_a_file_and_a_label_only_the_configuration()
    {
        using var log = new TempDirectory(); // A file in the project's folder would be an item of the second publish.
        using var project = (await TestProject.WebAsync("""<ItemGroup><ContainerLabel Include="team" Value="$(Team)" /></ItemGroup>"""))
            .With("Program.cs", "var app = WebApplication.CreateBuilder(args).Build();\napp.MapStaticAssets();\napp.Run();\n")
            .With("appsettings.json", "{}")
            .With("wwwroot/site.css", "body { color: blue; }\n");
        var first = (await project.PublishAsync("-o", "out")).ShouldSucceed();
        var before = FilesOf(project);
        Assert.IsTrue(before.Keys.Any(file => file.EndsWith("image.plan.json", StringComparison.Ordinal)));

        var second = (await project.PublishAsync("-o", "out", $"-bl:{log["second.binlog"]}")).ShouldSucceed();

        var after = FilesOf(project);
        Assert.AreEqual(first.PublishedDigest(), second.PublishedDigest(), "The folder of -o lies in the project and is no part of it.");
        Assert.AreEqual("", Difference(before, after));
        Assert.AreEqual(0, BinaryLog.Read(log["second.binlog"]).CountTasks("Csc", "web.csproj"));

        var labelled = (await project.PublishAsync("-o", "out", "-p:Team=blue")).ShouldSucceed();

        Assert.AreNotEqual(first.PublishedDigest(), labelled.PublishedDigest());
        var large = FilesOf(project).Where(file => file.Key.Contains("/blobs/", StringComparison.Ordinal) && new FileInfo(Path.Combine(project.Folder, file.Key)).Length > 5_000).ToList();
        Assert.HasCount(2, large, "A layer for each platform.");
        Assert.IsTrue(large.All(layer => before[layer.Key] == layer.Value), "No layer was written again.");
    }

    /// <summary>Which files the .NET SDK itself writes at each publish, changed or not.</summary>
    private static bool IsRewrittenByTheSdk(string file) => Path.GetFileName(file) switch
    {
        "web.config" => true, // by TransformWebConfig, which the Web SDK hangs on Publish
        var name when name.StartsWith("PublishOutputs.", StringComparison.Ordinal) => true, // _IncrementalCleanPublishDirectory: Overwrite, not WriteOnlyWhenDifferent
        _ => false,
    };

    private static Dictionary<string, (DateTime Written, string Content)> FilesOf(TestProject project) =>
        Directory.EnumerateFiles(project.Folder, "*", SearchOption.AllDirectories)
            .Where(file => !IsRewrittenByTheSdk(file))
            .ToDictionary(
                file => Path.GetRelativePath(project.Folder, file),
                file => (File.GetLastWriteTimeUtc(file), MultiArch.Oci.Digest.Of(File.ReadAllBytes(file)).ToString()));

    private static string Difference(Dictionary<string, (DateTime, string)> before, Dictionary<string, (DateTime, string)> after) =>
        string.Join('\n', before.Keys.Union(after.Keys).Where(file => !before.TryGetValue(file, out var old) || !after.TryGetValue(file, out var now) || old != now).Order(StringComparer.Ordinal));
}
