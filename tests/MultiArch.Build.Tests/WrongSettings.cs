using System.Globalization;
using MultiArch.Testing;

namespace MultiArch.Build.Tests;

/// <summary>Publishes a project once for each of some settings that are wrong, all in one build: what a publish costs before it finds them is mostly the start of .NET.</summary>
internal static class WrongSettings
{
    /// <param name="settings">Properties as MSBuild's task takes them: divided by <c>;</c>, which is <c>%3B</c> in a value.</param>
    /// <returns>For each the one error, which says its code. Nothing was restored for a platform, compiled or published.</returns>
    public static async Task<IReadOnlyList<string>> PublishAsync(TestProject project, IReadOnlyList<string> settings)
    {
        project.With("cases.proj", $"""
            <Project>
              <ItemGroup>
                {string.Concat(settings.Select((setting, number) => $"<Case Include=\"{number}\" Settings=\"{System.Security.SecurityElement.Escape(setting)}\" />"))}
              </ItemGroup>
              <Target Name="PublishEach" Outputs="%(Case.Identity)">
                <Message Importance="high" Text="=== %(Case.Identity)." />
                <MSBuild Projects="{project.Name}.csproj" Targets="Publish" Properties="Configuration=Release;_IsPublishing=true;PublishMultiArch=true;%(Case.Settings)" ContinueOnError="ErrorAndContinue" />
              </Target>
            </Project>
            """);
        (await project.DotnetAsync("restore", $"{project.Name}.csproj")).ShouldSucceed();

        var build = await project.DotnetAsync("msbuild", "cases.proj");

        var parts = build.Output.Split("Build FAILED.")[0].Split("=== ")[1..];
        Assert.HasCount(settings.Count, parts, build.Output);
        Assert.IsFalse(Directory.Exists(Path.Combine(project.Folder, "obj", "multiarch")), "Nothing was restored or compiled.");
        Assert.IsFalse(Directory.Exists(Path.Combine(project.Folder, "bin")), build.Output);
        return [.. parts.Select((part, number) =>
        {
            Assert.StartsWith(string.Create(CultureInfo.InvariantCulture, $"{number}."), part);
            return (build with { Output = part }).ShouldFailWith("MARCH");
        })];
    }
}
