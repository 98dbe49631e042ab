using System.Text;
using MultiArch.Testing;

namespace MultiArch.Build.Tests;

/// <summary>A satellite assembly is compiled once for all platforms, and once for each when one has other resources.</summary>
[TestClass]
public sealed class SatelliteTests
{
    [TestMethod]
    public async Task A_culture_is_compiled_once_and_a_culture_of_one_platforms_own_on_each()
    {
        using var project = await TestProject.ConsoleAsync("""
            <PropertyGroup>
              <DocumentationFile>docs/hello.xml</DocumentationFile>
              <EmitCompilerGeneratedFiles>true</EmitCompilerGeneratedFiles>
              <DebugType>embedded</DebugType>
            </PropertyGroup>
            <ItemGroup>
              <EmbeddedResource Remove="arm/**" />
            </ItemGroup>
            <ItemGroup Condition="'$(RuntimeIdentifier)' == 'linux-arm64'">
              <EmbeddedResource Remove="Text.fr.resx" />
              <EmbeddedResource Include="arm/Text.fr.resx" LogicalName="hello.Text.fr.resources" />
            </ItemGroup>
            """);
        project.With("Text.resx", Resx.Of("Hello", "hello"))
            .With("Text.de.resx", Resx.Of("Hello", "hallo"))
            .With("Text.fr.resx", Resx.Of("Hello", "salut"))
            .With("arm/Text.fr.resx", Resx.Of("Hello", "salut-arm"));

        (await project.PublishAsync("-bl:publish.binlog")).ShouldSucceed();

        Assert.AreEqual(4, BinaryLog.Read(Path.Combine(project.Folder, "publish.binlog")).CountTasks("Csc", "hello.csproj"), "The app and German once, French twice.");
        var layout = OciLayout.Read(project.ImageFolder);
        var (x64, arm64) = (layout["linux/amd64"], layout["linux/arm64"]);
        CollectionAssert.AreEqual(x64.Read("app/hello.dll"), arm64.Read("app/hello.dll"));
        var german = arm64.Read("app/de/hello.resources.dll");
        CollectionAssert.AreEqual(x64.Read("app/de/hello.resources.dll"), german);
        Assert.Contains("hallo", Encoding.UTF8.GetString(german));
        Assert.DoesNotContain("salut-arm", Encoding.UTF8.GetString(x64.Read("app/fr/hello.resources.dll")));
        Assert.Contains("salut-arm", Encoding.UTF8.GetString(arm64.Read("app/fr/hello.resources.dll")));
    }
}
