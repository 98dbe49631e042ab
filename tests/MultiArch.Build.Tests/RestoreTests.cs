using MultiArch.Testing;

namespace MultiArch.Build.Tests;

/// <summary>The platforms are restored without being listed for it, and what the user's own restore wrote stays as it was.</summary>
[TestClass]
public sealed class RestoreTests
{
    [TestMethod]
    public async Task A_locked_project_and_its_library_keep_their_files_and_need_neither_network_nor_another_restore()
    {
        using var project = await TestProject.ConsoleAsync("""
            <PropertyGroup>
              <DefaultItemExcludes>$(DefaultItemExcludes);lib/**</DefaultItemExcludes>
            </PropertyGroup>
            <ItemGroup>
              <PackageReference Include="Microsoft.Data.Sqlite" Version="10.0.15" />
              <ProjectReference Include="lib/lib.csproj" />
            </ItemGroup>
            """);
        project
            .With("Directory.Build.props", "<Project><PropertyGroup><RestorePackagesWithLockFile>true</RestorePackagesWithLockFile></PropertyGroup></Project>")
            .With("lib/Lib.cs", "public static class Lib;\n")
            .With("lib/lib.csproj", $"""<Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><TargetFramework>{TestProject.Framework}</TargetFramework></PropertyGroup></Project>""");
        (await project.PublishAsync()).ShouldSucceed(); // every package is in the cache now
        Directory.Delete(Path.Combine(project.Folder, "obj"), recursive: true);
        Directory.Delete(Path.Combine(project.Folder, "lib", "obj"), recursive: true);
        (await project.DotnetAsync("restore", "-p:RestoreLockedMode=true")).ShouldSucceed();
        var before = RestoredFiles(project);
        Assert.IsTrue(before.Keys.Any(file => file == "packages.lock.json") && before.Keys.Any(file => file == "lib/packages.lock.json"));
        project.With("nuget.config", """
            <configuration>
              <packageSources><clear /><add key="nobody" value="http://127.0.0.1:1/index.json" allowInsecureConnections="true" /></packageSources>
            </configuration>
            """);

        (await project.PublishAsync("--no-restore", "-p:RestoreLockedMode=true")).ShouldSucceed();

        var after = RestoredFiles(project);
        Assert.AreEqual(string.Join('\n', before.Keys.Order()), string.Join('\n', after.Keys.Order()));
        foreach (var (file, content) in before)
        {
            CollectionAssert.AreEqual(content, after[file], file);
        }

        Assert.IsTrue(OciLayout.Read(project.ImageFolder)["linux/arm64"].Entries.Any(entry => entry.Name == "app/libe_sqlite3.so"));
    }

    /// <summary>What NuGet wrote for the user, in the project and its library.</summary>
    private static Dictionary<string, byte[]> RestoredFiles(TestProject project) =>
        new[] { "", "lib/" }
            .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(project.Folder, folder, "obj")).Append(Path.Combine(project.Folder, folder, "packages.lock.json")))
            .Where(file => Path.GetFileName(file) is "packages.lock.json" or "project.assets.json" or "project.nuget.cache" || file.Contains(".nuget.", StringComparison.Ordinal))
            .ToDictionary(file => Path.GetRelativePath(project.Folder, file), File.ReadAllBytes);
}
