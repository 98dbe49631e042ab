using MultiArch.Testing;

namespace MultiArch.Build.Tests;

/// <summary>What an IDE runs in the background.</summary>
[TestClass]
public sealed class DesignTimeBuildTests
{
    [TestMethod]
    public async Task A_design_time_build_runs_nothing_of_ours()
    {
        using var project = await TestProject.ConsoleAsync("<PropertyGroup><PublishMultiArch>true</PublishMultiArch><PublishAot>true</PublishAot></PropertyGroup>");

        (await project.DotnetAsync(
            "msbuild", "-restore", "-t:Compile;ResolveProjectReferences;ResolveAssemblyReferences", "-p:DesignTimeBuild=true", "-p:SkipCompilerExecution=true",
            "-p:ProvideCommandLineArgs=true", "-p:BuildingInsideVisualStudio=true", "-p:_IsPublishing=true", "-bl:design.binlog")).ShouldSucceed();

        var names = BinaryLog.Read(Path.Combine(project.Folder, "design.binlog")).Names();
        Assert.Contains("CoreCompile", names);
        Assert.AreEqual("", string.Join(' ', names.Where(name => name.Contains("MultiArch", StringComparison.Ordinal))));
        Assert.IsFalse(Directory.Exists(Path.Combine(project.Folder, "obj", "multiarch")));
    }
}
