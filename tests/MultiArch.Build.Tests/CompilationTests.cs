using MultiArch.Testing;

namespace MultiArch.Build.Tests;

/// <summary>The app is compiled once for all platforms when that gives each what it asked for, and once for each when it does not.</summary>
[TestClass]
public sealed class CompilationTests
{
    [TestMethod]
    public async Task Two_platforms_are_compiled_once()
    {
        using var project = await TestProject.WebAsync();

        (await project.PublishAsync("-bl:publish.binlog")).ShouldSucceed();

        Assert.AreEqual(1, CountCsc(project));
        var layout = OciLayout.Read(project.ImageFolder);
        CollectionAssert.AreEqual(layout["linux/amd64"].Read("app/web.dll"), layout["linux/arm64"].Read("app/web.dll"));
        CollectionAssert.AreNotEqual(layout["linux/amd64"].Read("app/web"), layout["linux/arm64"].Read("app/web"), "Each has its own apphost.");
    }

    [TestMethod]
    public async Task A_second_publish_compiles_nothing()
    {
        using var project = await TestProject.ConsoleAsync();
        (await project.PublishAsync()).ShouldSucceed();

        (await project.PublishAsync("-bl:publish.binlog")).ShouldSucceed();

        Assert.AreEqual(0, CountCsc(project));
    }

    [TestMethod]
    [DataRow("<DefineConstants>$(DefineConstants);ARM</DefineConstants>", "")]
    [DataRow("<Nullable>enable</Nullable>", "")]
    [DataRow("", """<Compile Include="arm/Extra.cs" />""")]
    public async Task What_one_platform_alone_is_compiled_with_compiles_it_on_its_own(string property, string item)
    {
        using var project = await TestProject.ConsoleAsync($"""
            <PropertyGroup><EnableDefaultCompileItems>false</EnableDefaultCompileItems></PropertyGroup>
            <ItemGroup><Compile Include="Program.cs" /></ItemGroup>
            <PropertyGroup Condition="'$(RuntimeIdentifier)' == 'linux-arm64'">{property}</PropertyGroup>
            <ItemGroup Condition="'$(RuntimeIdentifier)' == 'linux-arm64'">{item}</ItemGroup>
            """);
        project.With("arm/Extra.cs", "internal static class Extra;\n");

        (await project.PublishAsync("-bl:publish.binlog")).ShouldSucceed();

        Assert.AreEqual(2, CountCsc(project));
    }

    [TestMethod]
    public async Task A_changed_option_is_compiled_for_every_platform_though_no_file_changed()
    {
        using var project = await TestProject.ConsoleAsync();
        (await project.PublishAsync()).ShouldSucceed();

        (await project.PublishAsync("-bl:publish.binlog", "-p:CheckForOverflowUnderflow=true")).ShouldSucceed();

        Assert.AreEqual(1, CountCsc(project));
        var layout = OciLayout.Read(project.ImageFolder);
        CollectionAssert.AreEqual(layout["linux/amd64"].Read("app/hello.dll"), layout["linux/arm64"].Read("app/hello.dll"));
    }

    [TestMethod]
    public async Task A_source_that_a_target_writes_anew_for_each_platform_is_each_platforms_own()
    {
        using var project = await TestProject.ConsoleAsync("""
            <Target Name="Generate" BeforeTargets="CoreCompile">
              <WriteLinesToFile File="Generated.cs" Lines="internal static class Built { public const string For = &quot;for-$(RuntimeIdentifier)&quot;%3B }" Overwrite="true" />
              <ItemGroup><Compile Include="Generated.cs" KeepDuplicates="false" /></ItemGroup>
            </Target>
            """);
        project.With("Program.cs", "System.Console.WriteLine(Built.For);\n");

        (await project.PublishAsync()).ShouldSucceed();

        foreach (var (platform, text) in new[] { ("linux/amd64", "for-linux-x64"), ("linux/arm64", "for-linux-arm64") })
        {
            Assert.Contains(text, System.Text.Encoding.Unicode.GetString(OciLayout.Read(project.ImageFolder)[platform].Read("app/hello.dll")) + System.Text.Encoding.Unicode.GetString(OciLayout.Read(project.ImageFolder)[platform].Read("app/hello.dll").AsSpan(1)));
        }
    }

    [TestMethod]
    public async Task What_a_target_makes_of_the_compiled_assembly_is_made_once_on_each_platform()
    {
        using var project = await TestProject.ConsoleAsync("""
            <Target Name="Weave" AfterTargets="CoreCompile" Inputs="@(IntermediateAssembly)" Outputs="$(IntermediateOutputPath)weave.stamp">
              <Exec Command="printf WOVEN >> '@(IntermediateAssembly->'%(FullPath)')'" />
              <Touch Files="$(IntermediateOutputPath)weave.stamp" AlwaysCreate="true" />
            </Target>
            """);

        (await project.PublishAsync("-bl:publish.binlog")).ShouldSucceed();
        Assert.AreEqual(1, CountCsc(project));
        (await project.PublishAsync()).ShouldSucceed();

        foreach (var image in OciLayout.Read(project.ImageFolder).Images)
        {
            var text = System.Text.Encoding.Latin1.GetString(image.Read("app/hello.dll"));
            Assert.HasCount(2, text.Split("WOVEN"), $"{image.Platform}: woven once.");
        }
    }

    [TestMethod]
    public async Task A_package_of_one_platform_is_in_its_image_alone()
    {
        using var project = await TestProject.ConsoleAsync("""
            <ItemGroup><PackageReference Include="Microsoft.Data.Sqlite.Core" Version="10.0.15" Condition="'$(RuntimeIdentifier)' == 'linux-arm64'" /></ItemGroup>
            """);

        (await project.PublishAsync()).ShouldSucceed();

        var layout = OciLayout.Read(project.ImageFolder);
        Assert.IsTrue(layout["linux/arm64"].Entries.Any(entry => entry.Name == "app/Microsoft.Data.Sqlite.dll"));
        Assert.IsFalse(layout["linux/amd64"].Entries.Any(entry => entry.Name == "app/Microsoft.Data.Sqlite.dll"));
    }

    [TestMethod]
    public async Task Paths_may_be_left_to_the_project()
    {
        using var project = await TestProject.ConsoleAsync("<PropertyGroup><DeterministicSourcePaths>false</DeterministicSourcePaths></PropertyGroup>");

        (await project.PublishAsync("-bl:publish.binlog")).ShouldSucceed();

        Assert.AreEqual(1, CountCsc(project));
    }

    private static int CountCsc(TestProject project) =>
        BinaryLog.Read(Path.Combine(project.Folder, "publish.binlog")).CountTasks("Csc", $"{project.Name}.csproj");
}
