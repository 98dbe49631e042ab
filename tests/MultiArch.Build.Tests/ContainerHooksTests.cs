using MultiArch.Testing;

namespace MultiArch.Build.Tests;

/// <summary>What a project hangs on the SDK's target names reaches the image of each platform.</summary>
[TestClass]
public sealed class ContainerHooksTests
{
    [TestMethod]
    [DataRow("_ContainersTargetsDir", "Sdks/Microsoft.NET.Sdk/Sdk/Sdk.targets", "'$(_ContainersTargetsDir)'==''")]
    [DataRow("_TargetFrameworkVersionWithoutV", "Sdks/Microsoft.NET.Sdk/targets/Microsoft.NET.TargetFrameworkInference.targets", "<_TargetFrameworkVersionWithoutV>")]
    [DataRow("ComputeContainerBaseImage", "Containers/build/Microsoft.NET.Build.Containers.targets", "<Target Name=\"ComputeContainerBaseImage\"")]
    [DataRow("ComputeContainerConfig", "Containers/build/Microsoft.NET.Build.Containers.targets", "<Target Name=\"ComputeContainerConfig\"")]
    public void The_SDK_still_has_the_name_that_we_rely_on(string name, string file, string text) =>
        Assert.Contains(text, File.ReadAllText(Path.Combine(InstalledSdk.Folder, file)), $"The SDK no longer knows {name}.");

    [TestMethod]
    public async Task Targets_on_the_SDKs_names_reach_each_platforms_image_and_the_tags()
    {
        using var project = await TestProject.ConsoleAsync("""
            <PropertyGroup>
              <ContainerBaseImage></ContainerBaseImage>
              <ContainerRuntimeIdentifiers>linux-musl-x64;linux-arm64</ContainerRuntimeIdentifiers>
              <UseAppHost>false</UseAppHost>
              <Cpu Condition="'$(ContainerRuntimeIdentifier)' == 'linux-musl-x64'">x</Cpu>
              <Cpu Condition="'$(ContainerRuntimeIdentifier)' == 'linux-arm64'">arm</Cpu>
            </PropertyGroup>
            <Target Name="BeforeBase" BeforeTargets="ComputeContainerBaseImage" Condition="'$(ContainerRuntimeIdentifier)' == 'linux-arm64'">
              <PropertyGroup><ContainerFamily>azurelinux3.0</ContainerFamily></PropertyGroup>
            </Target>
            <Target Name="AfterBase" AfterTargets="ComputeContainerBaseImage">
              <PropertyGroup>
                <Inferred>$(ContainerBaseImage)</Inferred>
                <ContainerBaseImage>scratch</ContainerBaseImage>
              </PropertyGroup>
            </Target>
            <Target Name="WorkOutVersion" AfterTargets="CoreCompile">
              <PropertyGroup><WorkedOut>1.2.3</WorkedOut></PropertyGroup>
            </Target>
            <Target Name="BeforeConfig" BeforeTargets="ComputeContainerConfig">
              <PropertyGroup>
                <Title>Title of $(ContainerRuntimeIdentifier) of $(ContainerRuntimeIdentifiers)</Title>
                <ContainerImageTags>$(WorkedOut);newest</ContainerImageTags>
                <ContainerUser Condition="Exists('$(PublishDir)hello.dll')">1234</ContainerUser>
              </PropertyGroup>
              <ItemGroup>
                <ContainerLabel Include="inferred" Value="$(Inferred)" />
                <ContainerEnvironmentVariable Include="CPU" Value="$(Cpu)" />
                <ContainerPort Include="7070" />
                <ContainerDefaultArgs Include="--from-a-hook" />
              </ItemGroup>
            </Target>
            <Target Name="AfterConfig" AfterTargets="ComputeContainerConfig">
              <ItemGroup>
                <ContainerLabel Include="org.opencontainers.image.version" Value="after" />
              </ItemGroup>
            </Target>
            """);

        (await project.PublishAsync()).ShouldSucceed();

        var layout = OciLayout.Read(project.ImageFolder);
        CollectionAssert.AreEqual(new[] { "1.2.3", "newest" }, layout.Tags.ToArray());
        foreach (var (platform, runtimeIdentifier, cpu, @base) in new[]
        {
            ("linux/amd64", "linux-musl-x64", "x", "mcr.microsoft.com/dotnet/runtime:10.0-alpine"),
            ("linux/arm64", "linux-arm64", "arm", "mcr.microsoft.com/dotnet/runtime:10.0-azurelinux3.0"),
        })
        {
            var image = layout[platform];
            Assert.AreEqual(@base, image.Labels["inferred"]);
            Assert.AreEqual($"Title of {runtimeIdentifier} of linux-musl-x64;linux-arm64", image.Labels["org.opencontainers.image.title"]);
            Assert.AreEqual("after", image.Labels["org.opencontainers.image.version"]);
            Assert.Contains($"CPU={cpu}", image.Environment);
            Assert.AreEqual("1234", image.Config.Config!.User, "The publish folder is full.");
            Assert.AreEqual("7070/tcp", string.Join(' ', image.Config.Config.ExposedPorts!.Keys));
            Assert.AreEqual("dotnet /app/hello.dll", string.Join(' ', image.Config.Config.Entrypoint!));
            Assert.AreEqual("--from-a-hook", string.Join(' ', image.Config.Config.Cmd!));
            Assert.AreEqual("/app", image.Config.Config.WorkingDir);
        }
    }
}
