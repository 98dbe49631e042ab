using MultiArch.Testing;

namespace MultiArch.Build.Tests;

/// <summary>When a publish is seen to have been started for PublishContainer on the project that is read, and when it is not.</summary>
[TestClass]
public sealed class CommandLineTests
{
    [TestMethod]
    [DataRow("true", "app/app.proj", "-t:PublishContainer")]
    [DataRow("true", "./app/app.proj", "-p:Text=\"a; b\"", "--target:First;publishcontainer")]
    [DataRow("true", "app", "/t:\"First;PublishContainer\"")]
    [DataRow("", "app/app.proj", "-t:Publish", "-p:Text=run -t:PublishContainer")]
    [DataRow("", "app/app.proj", "-t:Publish", "-p:Text=-t:PublishContainer")]
    [DataRow("", "app/app.proj", "-t:PublishContainerLater")]
    [DataRow("", "build.proj", "-t:PublishContainer")]
    public async Task The_target_on_the_command_line_counts_for_the_project_that_it_names(string asked, params string[] arguments)
    {
        using var folder = new TempDirectory();
        folder.Write("app/app.proj", $"""
            <Project>
              <Import Project="{RepositoryFolder.Path}/build/MultiArch.Build.CommandLine.props" />
              <Target Name="First" />
              <Target Name="Publish"><Message Importance="high" Text="asked: '$(_MultiArchContainerAsked)'" /></Target>
              <Target Name="PublishContainer" DependsOnTargets="Publish" />
              <Target Name="PublishContainerLater" DependsOnTargets="Publish" />
            </Project>
            """);
        folder.Write("build.proj", """<Project><Target Name="PublishContainer"><MSBuild Projects="app/app.proj" Targets="Publish" /></Target></Project>""");

        var build = (await new CommandLine("dotnet", ["msbuild", "-nologo", "-nodeReuse:false", "--tl:off", .. arguments])
        {
            WorkingDirectory = folder.Path,
            Environment = TestProject.CliEnvironment,
        }.RunAsync()).ShouldSucceed();

        Assert.Contains($"asked: '{asked}'", build.Output);
    }
}
