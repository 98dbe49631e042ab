using MultiArch.Oci;
using MultiArch.Testing;

namespace MultiArch.Build.Tests;

/// <summary>What users' own targets put into the publish folder is in the image, and what an earlier publish left there is not.</summary>
[TestClass]
public sealed class PublishFolderTests
{
    private const string Hooks = """
        <Project>
          <ItemGroup Condition="'$(WithHook)' == 'true'"><Source Include="Program.cs" /></ItemGroup>
          <Target Name="BeforeFiles" BeforeTargets="PrepareForPublish" Condition="'$(WithHook)' == 'true'">
            <WriteLinesToFile File="$(PublishDir)before.txt" Lines="x" Overwrite="true" />
          </Target>
          <Target Name="AddItem" AfterTargets="ComputeResolvedFilesToPublishList" Condition="'$(WithHook)' == 'true'">
            <ItemGroup><ResolvedFileToPublish Include="$(MSBuildProjectDirectory)/Program.cs" RelativePath="sub/item.txt" CopyToPublishDirectory="Always" /></ItemGroup>
          </Target>
          <Target Name="AfterFiles" AfterTargets="Publish" Inputs="@(Source)" Outputs="$(PublishDir)after.txt" Condition="'$(WithHook)' == 'true'">
            <Copy SourceFiles="Program.cs" DestinationFiles="$(PublishDir)after.txt" />
            <Exec Command="chmod 444 after.txt; mkdir -p a/b; ln -s ../after.txt a/up; ln -s a/b folder; ln -s &quot;$PWD/after.txt&quot; absolute" WorkingDirectory="$(PublishDir)" />
          </Target>
          <Target Name="Break" AfterTargets="AfterFiles" Condition="'$(Link)' != '' and '$(RuntimeIdentifier)' != ''">
            <Exec Command="ln -s $(Link) broken" WorkingDirectory="$(PublishDir)" />
          </Target>
        </Project>

        """;

    [TestMethod]
    public async Task What_hooks_make_is_in_the_image_as_long_as_they_make_it()
    {
        Tool.Require("ln", "chmod");
        using var project = (await TestProject.ConsoleAsync()).With("Directory.Build.targets", Hooks);

        (await project.PublishAsync("-p:WithHook=true", "-p:PublishDir=elsewhere/")).ShouldSucceed();

        var first = OciLayout.Read(project.ImageFolder);
        foreach (var image in first.Images)
        {
            var entries = image.Entries.ToDictionary(entry => entry.Name, entry => entry.LinkName);
            foreach (var file in new[] { "app/before.txt", "app/sub/item.txt", "app/after.txt", "app/a/b/" })
            {
                Assert.Contains(file, entries.Keys);
            }

            Assert.AreEqual("../after.txt", entries["app/a/up"]);
            Assert.AreEqual("a/b", entries["app/folder"], "A link to a folder stays a link.");
            Assert.AreEqual("after.txt", entries["app/absolute"], "An absolute link that stays inside becomes a relative one.");
        }

        (await project.PublishAsync("-p:WithHook=true")).ShouldSucceed();
        Assert.AreEqual(first.IndexDigest, OciLayout.Read(project.ImageFolder).IndexDigest, "A target whose Outputs lie in the folder runs again.");

        (await project.PublishAsync()).ShouldSucceed();
        CollectionAssert.AreEqual(
            new[] { "app/", "app/hello", "app/hello.deps.json", "app/hello.dll", "app/hello.pdb", "app/hello.runtimeconfig.json" },
            OciLayout.Read(project.ImageFolder)["linux/arm64"].Entries.Select(entry => entry.Name).ToArray());
        Assert.IsFalse(Directory.Exists(Path.Combine(project.Folder, "elsewhere")), "Each platform has a publish folder of its own.");
    }

    [TestMethod]
    public async Task A_link_that_would_not_work_in_the_image_ends_the_publish()
    {
        Tool.Require("ln");
        using var project = (await TestProject.ConsoleAsync()).With("Directory.Build.targets", Hooks);

        var error = (await project.PublishAsync("-r", "linux-x64", "-p:Link=/etc/hostname")).ShouldFailWith(DiagnosticCodes.LinkLeavesImage);

        Assert.Contains("broken' to '/etc/hostname'", error);
        Assert.IsFalse(Directory.Exists(project.ImageFolder));
    }
}
