using MultiArch.Testing;

namespace MultiArch.Build.Tests;

/// <summary>An F# app is compiled once for all platforms, as a C# one is, and not at all with --no-build.</summary>
[TestClass]
public sealed class FSharpTests
{
    [TestMethod]
    public async Task Two_platforms_are_compiled_once_and_a_build_is_packed_as_it_is()
    {
        using var project = await TestProject.FSharpAsync();
        project.With("Text.resx", Resx.Of("Hello", "hello")).With("Text.de.resx", Resx.Of("Hello", "hallo"));

        (await project.PublishAsync("-bl:publish.binlog")).ShouldSucceed();

        var log = BinaryLog.Read(Path.Combine(project.Folder, "publish.binlog"));
        Assert.AreEqual(1, log.CountTasks("Fsc", "sharp.fsproj"));
        Assert.AreEqual(1, log.CountTasks("Csc", "sharp.fsproj"), "The one satellite.");
        var layout = OciLayout.Read(project.ImageFolder);
        foreach (var file in new[] { "app/sharp.dll", "app/de/sharp.resources.dll" })
        {
            CollectionAssert.AreEqual(layout["linux/amd64"].Read(file), layout["linux/arm64"].Read(file), file);
        }

        (await project.DotnetAsync("build", "-c", "Release")).ShouldSucceed();
        (await project.PublishAsync("--no-build", "-bl:publish.binlog")).ShouldSucceed();

        var names = BinaryLog.Read(Path.Combine(project.Folder, "publish.binlog")).Names();
        Assert.AreEqual("", string.Join(' ', names.Intersect(["Fsc", "Csc"])));
        foreach (var image in OciLayout.Read(project.ImageFolder).Images)
        {
            foreach (var file in new[] { "sharp.dll", "de/sharp.resources.dll" })
            {
                CollectionAssert.AreEqual(File.ReadAllBytes(Path.Combine(project.Folder, "bin", "Release", TestProject.Framework, file)), image.Read($"app/{file}"), $"{image.Platform}: {file}");
            }
        }
    }
}
