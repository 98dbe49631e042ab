using System.Runtime.InteropServices;
using MultiArch.Testing;

namespace MultiArch.Build.Tests;

/// <summary>Which platforms are published, by every way of naming them, and what is said of those that cannot be.</summary>
[TestClass]
public sealed class RuntimeIdentifierTests
{
    private static readonly string Here = $"linux-{(RuntimeInformation.OSArchitecture is Architecture.Arm64 ? "arm64" : "x64")}";

    public static IEnumerable<(string Arguments, string Platforms)> CommandLines =>
    [
        ("-a arm64", "linux-arm64"),
        ("--os linux", Here),
        ("--os linux -a arm64", "linux-arm64"),
        ("--use-current-runtime", Here),
        ("--self-contained -c Debug", "linux-x64;linux-arm64"),
    ];

    [TestMethod]
    [DynamicData(nameof(CommandLines))]
    public async Task A_platform_on_the_command_line_means_exactly_that_one(string arguments, string platforms)
    {
        using var project = await TestProject.ConsoleAsync("""
            <Target Name="Show" BeforeTargets="_MultiArchValidate"><Error Code="SHOWN1" Text="$(_MultiArchRuntimeIdentifiers)" /></Target>
            """);

        var shown = (await project.PublishAsync(arguments.Split(' '))).ShouldFailWith("SHOWN1");

        Assert.AreEqual($"error SHOWN1: {platforms}", shown.Split(" [")[0]);
    }

    [TestMethod]
    public async Task Of_RuntimeIdentifiers_those_that_are_not_for_linux_are_named_once_and_passed_over()
    {
        using var project = await TestProject.ConsoleAsync("""
            <PropertyGroup><RuntimeIdentifiers>win-x64; linux-arm64 ;osx-arm64</RuntimeIdentifiers><ContainerImageTag>-</ContainerImageTag><UseAppHost>false</UseAppHost></PropertyGroup>
            """);

        var publish = await project.PublishAsync();

        publish.ShouldFailWith("MARCH1003");
        Assert.HasCount(2, publish.Output.Split("passed over: win-x64, osx-arm64."), publish.Output);
    }

    [TestMethod]
    public async Task A_Windows_image_named_on_the_command_line_is_refused()
    {
        using var project = await TestProject.ConsoleAsync("<PropertyGroup><UseAppHost>false</UseAppHost></PropertyGroup>");

        var error = (await project.PublishAsync("-r", "win-x64")).ShouldFailWith("MARCH1005");

        Assert.Contains("'win-x64'", error);
    }

    [TestMethod]
    public async Task A_platform_that_no_source_has_a_runtime_for_is_one_line_with_the_reason()
    {
        using var project = await TestProject.ConsoleAsync("<PropertyGroup><PublishSelfContained>true</PublishSelfContained></PropertyGroup>");
        project.With("nuget.config", $"""
            <configuration>
              <packageSources><clear /><add key="multiarch-test" value="{await PackedPackage.GetFeedAsync()}" /></packageSources>
            </configuration>
            """);

        var error = (await project.PublishAsync("-p:ContainerRuntimeIdentifiers=\"linux-arm;linux-x64\"")).ShouldFailWith("MARCH1033");

        Assert.Contains("'hello' cannot be restored for linux-arm.", error);
        Assert.Contains("NU1101: Unable to find package Microsoft.NETCore.App.Runtime.linux-arm.", error);
        Assert.IsFalse(Directory.Exists(project.ImageFolder));
    }

    [TestMethod]
    public async Task A_referenced_app_that_is_not_restored_for_a_platform_is_one_line()
    {
        using var tool = await TestProject.ConsoleAsync(name: "tool");
        using var project = await TestProject.ConsoleAsync($"""<ItemGroup><ProjectReference Include="{tool.Folder}/tool.csproj" /></ItemGroup>""");

        var error = (await project.PublishAsync()).ShouldFailWith("MARCH1034");

        Assert.Contains("references 'tool'", error);
        Assert.Contains("Add linux-x64 to the RuntimeIdentifiers of tool.csproj", error);
    }
}
