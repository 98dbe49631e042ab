using MultiArch.Testing;

namespace MultiArch.Build.Tests;

/// <summary>What was compiled stays, whatever other builds run in between and whichever platforms are asked for.</summary>
[TestClass]
public sealed class IncrementalCompilationTests
{
    [TestMethod]
    public async Task Neither_another_platform_nor_a_plain_build_changes_what_was_compiled()
    {
        using var project = await TestProject.ConsoleAsync();
        project.With("Text.resx", Resx.Of("Hello", "hello")).With("Text.de.resx", Resx.Of("Hello", "hallo"));
        (await project.PublishAsync("-p:ContainerRuntimeIdentifiers=linux-arm64")).ShouldSucceed();
        var alone = OciLayout.Read(project.ImageFolder)["linux/arm64"];

        (await project.PublishAsync()).ShouldSucceed();

        var layout = OciLayout.Read(project.ImageFolder);
        foreach (var file in new[] { "app/hello.dll", "app/hello.pdb", "app/de/hello.resources.dll" })
        {
            CollectionAssert.AreEqual(alone.Read(file), layout["linux/arm64"].Read(file), $"{file} is the same whether its platform is published alone or among others.");
        }

        (await project.DotnetAsync("build", "-c", "Release")).ShouldSucceed();
        (await project.DotnetAsync("publish", "-r", "linux-x64")).ShouldSucceed();
        (await project.PublishAsync("-bl:publish.binlog")).ShouldSucceed();

        Assert.AreEqual(0, BinaryLog.Read(Path.Combine(project.Folder, "publish.binlog")).CountTasks("Csc", "hello.csproj"));
        Assert.AreEqual(layout.IndexDigest, OciLayout.Read(project.ImageFolder).IndexDigest);
    }

    [TestMethod]
    public async Task An_input_that_is_changed_when_the_comparison_is_done_ends_the_publish()
    {
        using var project = await TestProject.ConsoleAsync("""
            <PropertyGroup>
              <AfterMicrosoftNETSdkTargets>$(AfterMicrosoftNETSdkTargets);$(MSBuildProjectDirectory)/Late.targets</AfterMicrosoftNETSdkTargets>
            </PropertyGroup>
            """);
        project.With("Late.targets", """
            <Project>
              <Target Name="DefineLate" BeforeTargets="CoreCompile">
                <PropertyGroup><DefineConstants>$(DefineConstants);FOR_$(RuntimeIdentifier.Replace('-', '_'))</DefineConstants></PropertyGroup>
              </Target>
            </Project>

            """);

        var error = (await project.PublishAsync()).ShouldFailWith("MARCH1025");

        Assert.Contains("MultiArchShareCompilation", error);
        Assert.IsFalse(Directory.Exists(project.ImageFolder));
    }
}
