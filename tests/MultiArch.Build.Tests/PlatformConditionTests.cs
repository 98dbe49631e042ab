using MultiArch.Testing;

namespace MultiArch.Build.Tests;

/// <summary>One index, and for each platform its own C library, base, user, environment and labels.</summary>
[TestClass]
public sealed class PlatformConditionTests
{
    [TestMethod]
    public async Task Glibc_and_musl_stand_in_one_index_each_on_a_base_of_its_own()
    {
        var debian = await TestBase.GetLayoutAsync();
        using var project = await TestProject.ConsoleAsync($"""
            <PropertyGroup>
              <TargetFramework />
              <TargetFrameworks>{TestProject.Framework}</TargetFrameworks>
              <ContainerRuntimeIdentifiers>linux-musl-x64;linux-arm64</ContainerRuntimeIdentifiers>
            </PropertyGroup>
            <PropertyGroup Condition="'$(RuntimeIdentifier)' == 'linux-arm64'">
              <ContainerBaseImage>oci:{debian}</ContainerBaseImage>
              <ContainerUser>1000</ContainerUser>
            </PropertyGroup>
            <ItemGroup Condition="'$(RuntimeIdentifier)' == 'linux-musl-x64'">
              <ContainerEnvironmentVariable Include="C_LIBRARY" Value="musl" />
              <ContainerLabel Include="c.library" Value="musl:1" />
            </ItemGroup>
            """);

        project.With("Directory.Build.props", "<Project><PropertyGroup><UseArtifactsOutput>true</UseArtifactsOutput></PropertyGroup></Project>\n");

        (await project.PublishAsync("-f", TestProject.Framework, "-c", "Debug")).ShouldSucceed();

        var layout = OciLayout.Read(Path.Combine(project.Folder, "artifacts", "image", "hello", $"debug_{TestProject.Framework}"));
        var (musl, glibc) = (layout["linux/amd64"], layout["linux/arm64"]);
        PublishedFiles.ElfFilesShouldBe(musl.OfApp(), 62, "/lib/ld-musl-x86_64.so");
        PublishedFiles.ElfFilesShouldBe(glibc.OfApp(), 183, "/lib/ld-linux-aarch64.so");
        Assert.HasCount(1, musl.Layers, "On scratch.");
        Assert.HasCount(2, glibc.Layers, "On Debian.");
        Assert.AreEqual("1000", glibc.Config.Config!.User);
        Assert.IsTrue(string.IsNullOrEmpty(musl.Config.Config!.User));
        Assert.Contains("C_LIBRARY=musl", musl.Environment);
        Assert.IsFalse(glibc.Environment.Any(variable => variable.StartsWith("C_LIBRARY", StringComparison.Ordinal)));
        Assert.AreEqual("musl:1", musl.Labels["c.library"]);
        Assert.IsFalse(glibc.Labels.ContainsKey("c.library"));
        Assert.IsFalse(Directory.Exists(Path.Combine(project.Folder, "bin")), "UseArtifactsOutput is respected.");
    }
}
