using MultiArch.Testing;

namespace MultiArch.Build.Tests;

/// <summary>With --no-build the image holds what `dotnet build` compiled, and nothing is compiled.</summary>
[TestClass]
public sealed class NoBuildTests
{
    [TestMethod]
    public async Task A_build_is_packed_as_it_is()
    {
        using var project = await TestProject.ConsoleAsync("""
            <ItemGroup><ProjectReference Include="../library/library.csproj" /></ItemGroup>
            <Target Name="Weave" AfterTargets="CoreCompile" Inputs="@(IntermediateAssembly)" Outputs="$(IntermediateOutputPath)weave.stamp">
              <Exec Command="printf WOVEN >> '@(IntermediateAssembly->'%(FullPath)')'" />
              <Touch Files="$(IntermediateOutputPath)weave.stamp" AlwaysCreate="true" />
            </Target>
            """, folder: "app");
        project.With("Program.cs", "System.Console.WriteLine(Library.Greeting.Text);\n")
            .With("Text.resx", Resx.Of("Hello", "hello")).With("Text.de.resx", Resx.Of("Hello", "hallo"))
            .With("../library/library.csproj", $"<Project Sdk=\"Microsoft.NET.Sdk\"><PropertyGroup><TargetFramework>{TestProject.Framework}</TargetFramework></PropertyGroup></Project>\n")
            .With("../library/Greeting.cs", "namespace Library; public static class Greeting { public static string Text => \"hello\"; }\n");
        (await project.DotnetAsync("build", "-c", "Release")).ShouldSucceed();

        (await project.PublishAsync("--no-build", "-bl:publish.binlog")).ShouldSucceed();

        DoesNotContainCsc(project);
        foreach (var image in OciLayout.Read(project.ImageFolder).Images)
        {
            foreach (var file in new[] { "hello.dll", "hello.pdb", "library.dll", "de/hello.resources.dll" })
            {
                CollectionAssert.AreEqual(Built(project, file), image.Read($"app/{file}"), $"{image.Platform}: {file}");
            }

            Assert.AreEqual(image.Platform.Architecture == "arm64" ? 183 : 62, BitConverter.ToUInt16(image.Read("app/hello"), 18), "The host is the platform's own.");
        }

        (await project.PublishAsync("--no-build", "-p:PublishSingleFile=true", "-p:SelfContained=false", "-bl:publish.binlog")).ShouldSucceed();

        DoesNotContainCsc(project);
        foreach (var image in OciLayout.Read(project.ImageFolder).Images)
        {
            Assert.IsGreaterThanOrEqualTo(0, image.Read("app/hello").AsSpan().IndexOf(Built(project, "hello.dll")), $"{image.Platform}: the bundle holds the assembly.");
        }

        File.Delete(Path.Combine(project.Folder, "../library/bin/Release", TestProject.Framework, "library.dll"));
        var error = (await project.PublishAsync("--no-build")).ShouldFailWith("MARCH1016");
        Assert.Contains("library.dll", error);
        Assert.Contains("dotnet build -c Release", error);
    }

    [TestMethod]
    public async Task What_is_missing_for_one_platform_is_built_for_that_platform()
    {
        using var project = await TestProject.ConsoleAsync();
        (await project.DotnetAsync("restore")).ShouldSucceed();

        var error = (await project.PublishAsync("--no-build", "-r", "linux-arm64")).ShouldFailWith("MARCH1016");

        Assert.Contains("'dotnet build -c Release -r linux-arm64'", error);
    }

    [TestMethod]
    public async Task What_was_built_for_one_platform_is_not_packed_for_another()
    {
        using var project = await TestProject.ConsoleAsync("<PropertyGroup><RuntimeIdentifier>linux-x64</RuntimeIdentifier><ContainerRuntimeIdentifiers>linux-x64;linux-arm64</ContainerRuntimeIdentifiers></PropertyGroup>");
        (await project.DotnetAsync("restore")).ShouldSucceed();

        var error = (await project.PublishAsync("--no-build")).ShouldFailWith("MARCH1024");

        Assert.Contains("linux-x64 alone", error);
    }

    private static byte[] Built(TestProject project, string file) => File.ReadAllBytes(Path.Combine(project.Folder, "bin", "Release", TestProject.Framework, file));

    private static void DoesNotContainCsc(TestProject project) =>
        Assert.DoesNotContain("Csc", BinaryLog.Read(Path.Combine(project.Folder, "publish.binlog")).Names());
}
