using MultiArch.Testing;

namespace MultiArch.Build.Tests;

/// <summary>A Visual Basic app is compiled once for all platforms, as a C# one is, and once for each when it must be.</summary>
[TestClass]
public sealed class VisualBasicTests
{
    [TestMethod]
    public async Task Two_platforms_are_compiled_once_and_apart_when_a_constant_differs()
    {
        using var project = await TestProject.VisualBasicAsync("""
            <PropertyGroup><GenerateDocumentationFile>true</GenerateDocumentationFile></PropertyGroup>
            <PropertyGroup Condition="'$(Apart)' == 'true' and '$(RuntimeIdentifier)' == 'linux-arm64'"><DefineConstants>$(DefineConstants),ARM=True</DefineConstants></PropertyGroup>
            """);
        project.With("Text.resx", Resx.Of("Hello", "hello")).With("Text.de.resx", Resx.Of("Hello", "hallo"));

        (await project.PublishAsync("-bl:publish.binlog")).ShouldSucceed();

        Assert.AreEqual((1, 1), Count(project), "Vbc for the app, Csc for its one satellite.");
        var layout = OciLayout.Read(project.ImageFolder);
        foreach (var file in new[] { "app/basic.dll", "app/de/basic.resources.dll" })
        {
            CollectionAssert.AreEqual(layout["linux/amd64"].Read(file), layout["linux/arm64"].Read(file), file);
        }

        project.With("Program.vb", """
            Module Program
              Sub Main()
            #If ARM Then
                System.Console.WriteLine("arm")
            #End If
              End Sub
            End Module

            """);
        (await project.PublishAsync("-bl:publish.binlog", "-p:Apart=true")).ShouldSucceed();

        Assert.AreEqual(2, Count(project).Vbc);
    }

    private static (int Vbc, int Csc) Count(TestProject project)
    {
        var log = BinaryLog.Read(Path.Combine(project.Folder, "publish.binlog"));
        return (log.CountTasks("Vbc", "basic.vbproj"), log.CountTasks("Csc", "basic.vbproj"));
    }
}
