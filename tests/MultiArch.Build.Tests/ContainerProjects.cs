using MultiArch.Testing;

namespace MultiArch.Build.Tests;

/// <summary>
/// Projects in which ComputeContainerConfig has run, the SDK's own and ours, without a restore or a compilation: all of them in one build.
/// What each has come to is a list of lines <c>name=value</c>.
/// </summary>
internal static class ContainerProjects
{
    private const string Common = """
        <Project>
          <PropertyGroup>
            <Ours>$(MSBuildProjectName.EndsWith('.ours'))</Ours>
            <MSBuildProjectExtensionsPath>$(MSBuildProjectDirectory)/obj/$(MSBuildProjectName)/</MSBuildProjectExtensionsPath>
            <BaseIntermediateOutputPath>$(MSBuildProjectExtensionsPath)</BaseIntermediateOutputPath>
            <EnableDefaultItems>false</EnableDefaultItems>
          </PropertyGroup>
        </Project>
        """;

    /// <param name="projects">Name and body of each.</param>
    /// <returns>For each name the lines of the SDK and ours.</returns>
    public static async Task<IReadOnlyDictionary<string, (IReadOnlyList<string> Theirs, IReadOnlyList<string> Ours)>> ComputeAsync(IReadOnlyDictionary<string, string> projects)
    {
        using var folder = new TempDirectory();
        await File.WriteAllTextAsync(folder["Directory.Build.props"], Common);
        foreach (var (name, body) in projects)
        {
            await File.WriteAllTextAsync(folder[$"{name}.theirs.proj"], Project(body, ours: false));
            await File.WriteAllTextAsync(folder[$"{name}.ours.proj"], Project(body, ours: true));
        }

        await File.WriteAllTextAsync(folder["all.proj"], """
            <Project>
              <ItemGroup>
                <Case Include="*.theirs.proj;*.ours.proj" />
              </ItemGroup>
              <Target Name="Compute">
                <MSBuild Projects="@(Case)" Targets="WriteLines" Properties="_IsPublishing=true" BuildInParallel="true" />
              </Target>
            </Project>
            """);
        var build = new CommandLine("dotnet", "msbuild", "all.proj", "-t:Compute", "-m:2", "-nodeReuse:false", "--tl:off") { WorkingDirectory = folder.Path, Environment = TestProject.CliEnvironment };
        (await build.RunAsync()).ShouldSucceed();

        return projects.Keys.ToDictionary(name => name, name => (Read($"{name}.theirs"), Read($"{name}.ours")));

        IReadOnlyList<string> Read(string project) => File.ReadAllLines(folder[$"{project}.txt"]);
    }

    /// <summary>RuntimeIdentifier and the marker are global in a platform's build; here, where nothing is built, the first lines do.</summary>
    private static string Project(string body, bool ours) => $"""
        <Project>
          <PropertyGroup>
            <TargetFramework>{TestProject.Framework}</TargetFramework>
            <OutputType>Exe</OutputType>
            <RuntimeIdentifier>linux-x64</RuntimeIdentifier>
            <_MultiArchPlatform Condition="{(ours ? "true" : "false")}">$(MSBuildProjectFullPath)</_MultiArchPlatform>
            <_MultiArchTasksAssembly>{typeof(Tasks.InferBaseImage).Assembly.Location}</_MultiArchTasksAssembly>
          </PropertyGroup>
          <Import Project="Sdk.props" Sdk="Microsoft.NET.Sdk" />
          <Import Project="{Path.Combine(RepositoryFolder.Path, "build", "MultiArch.Build.props")}" Condition="{(ours ? "true" : "false")}" />
          <PropertyGroup>
            <AssemblyName>Hello.World</AssemblyName>
          </PropertyGroup>
          {body}
          <Import Project="Sdk.targets" Sdk="Microsoft.NET.Sdk" />
          <Target Name="WriteLines" DependsOnTargets="ComputeContainerConfig">
            <ItemGroup>
              <Line Include="@(ContainerLabel->'label %(Identity)=%(Value)')" KeepDuplicates="true" />
              <Line Include="base=$(ContainerBaseImage)" />
              <Line Include="folder=$(ContainerWorkingDirectory)" />
              <Line Include="user=$(ContainerUser)" />
              <Line Include="@(ContainerAppCommand->'command=%(Identity)')" />
              <Line Include="registry=$(ContainerRegistry)" />
              <Line Include="repository=$(ContainerRepository)" />
              <Line Include="tag=$(ContainerImageTag)" />
              <Line Include="rid=$(ContainerRuntimeIdentifier)" />
            </ItemGroup>
            <WriteLinesToFile File="$(MSBuildProjectName).txt" Lines="@(Line)" Overwrite="true" />
          </Target>
        </Project>
        """;
}
