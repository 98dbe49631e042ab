using MultiArch.Testing;

namespace MultiArch.Build.Tests;

/// <summary>One solution, an app with a package and a referenced project, published from two folders.</summary>
[TestClass]
public sealed class ReproducibleTests
{
    private const string Library = """
        <Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup></Project>
        """;

    private const string References = """
        <PropertyGroup><DefaultItemExcludes>$(DefaultItemExcludes);lib/**</DefaultItemExcludes></PropertyGroup>
        <ItemGroup>
          <ProjectReference Include="lib/lib.csproj" />
          <PackageReference Include="Microsoft.Data.Sqlite" Version="10.0.15" />
        </ItemGroup>
        """;

    [TestMethod]
    public async Task With_dotnets_own_switch_a_referenced_project_is_reproducible_too()
    {
        // MSBuild applies a PathMap of a Directory.Build.props to every project below it.
        const string pathMap = """
            <Project><PropertyGroup Condition="'$(MSBuildProjectName)' == 'lib'"><PathMap>$(MSBuildThisFileDirectory)=/_/</PathMap></PropertyGroup></Project>
            """;
        using var here = (await AppAsync()).With("Directory.Build.props", pathMap);
        using var there = (await AppAsync()).With("Directory.Build.props", pathMap);

        var first = (await here.PublishAsync()).ShouldSucceed();
        var second = (await there.PublishAsync()).ShouldSucceed();

        Assert.AreEqual(first.PublishedDigest(), second.PublishedDigest());
        Assert.DoesNotContain("MARCH3008", first.Output);
    }

    [TestMethod]
    public async Task In_a_git_repository_ContinuousIntegrationBuild_is_that_switch()
    {
        Tool.Require("git", "cp");
        using var here = await AppAsync();
        const string commit = "git init -q . && printf 'bin/\nobj/\n' > .gitignore && git add -A && git -c user.name=t -c user.email=t@example.com commit -q -m x";
        (await new CommandLine("sh", "-c", commit) { WorkingDirectory = here.Folder }.RunAsync()).ShouldSucceed();
        using var there = new TempDirectory();
        (await new CommandLine("cp", "-r", $"{here.Folder}/.", there["copy"]).RunAsync()).ShouldSucceed();

        var first = (await here.PublishAsync("-p:ContinuousIntegrationBuild=true")).ShouldSucceed();
        var second = (await new CommandLine("dotnet", "publish", "-p:PublishMultiArch=true", "-p:ContinuousIntegrationBuild=true", "-nodeReuse:false", "--tl:off")
        {
            WorkingDirectory = there["copy"],
            Environment = TestProject.CliEnvironment,
        }.RunAsync()).ShouldSucceed();

        Assert.AreEqual(first.PublishedDigest(), second.PublishedDigest());
        Assert.DoesNotContain("MARCH3008", first.Output);
    }

    [TestMethod]
    public async Task Without_it_one_message_names_the_assembly()
    {
        using var project = await AppAsync();

        var publish = (await project.PublishAsync()).ShouldSucceed();

        var messages = publish.Output.Split('\n').Where(line => line.Contains("MARCH3008", StringComparison.Ordinal)).ToList();
        Assert.HasCount(1, messages, publish.Output);
        Assert.Contains("app/lib.dll", messages[0]);
        Assert.Contains(project.Folder, messages[0]);
    }

    [TestMethod]
    public async Task No_folder_of_the_machine_is_in_the_app()
    {
        using var project = await TestProject.WebAsync();

        (await project.PublishAsync()).ShouldSucceed();

        var image = OciLayout.Read(project.ImageFolder)["linux/amd64"];
        foreach (var file in new[] { "app/web.dll", "app/web.pdb", "app/web", "app/web.deps.json", "app/web.runtimeconfig.json" })
        {
            Assert.DoesNotContain(project.Folder, System.Text.Encoding.Latin1.GetString(image.Read(file)), file);
        }
    }

    [TestMethod]
    public async Task SOURCE_DATE_EPOCH_sets_what_the_config_says_and_no_layer()
    {
        using var project = await TestProject.ConsoleAsync();
        (await project.PublishAsync()).ShouldSucceed();
        var before = OciLayout.Read(project.ImageFolder)["linux/arm64"];

        (await project.PublishAsync("-p:SOURCE_DATE_EPOCH=1700000000")).ShouldSucceed();

        var after = OciLayout.Read(project.ImageFolder)["linux/arm64"];
        Assert.AreEqual("1980-01-01T00:00:01Z", before.Config.Created);
        Assert.AreEqual("2023-11-14T22:13:20Z", after.Config.Created);
        Assert.AreEqual("2023-11-14T22:13:20Z", after.Config.History![^1].Created);
        CollectionAssert.AreEqual(before.Config.RootFS.DiffIds.ToArray(), after.Config.RootFS.DiffIds.ToArray());
    }

    private static async Task<TestProject> AppAsync() =>
        (await TestProject.ConsoleAsync(References))
            .With("Program.cs", "System.Console.WriteLine(lib.Answer.Value + typeof(Microsoft.Data.Sqlite.SqliteConnection).Name);\n")
            .With("lib/lib.csproj", Library)
            .With("lib/Answer.cs", "namespace lib;\n\npublic static class Answer { public const string A = \"x\"; public static string Value => \"42\"; }\n");
}
