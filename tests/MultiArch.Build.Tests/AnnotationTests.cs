using MultiArch.Oci.Formats;
using MultiArch.Testing;

namespace MultiArch.Build.Tests;

/// <summary>The item ContainerAnnotation.</summary>
[TestClass]
public sealed class AnnotationTests
{
    [TestMethod]
    public async Task Each_is_written_where_its_scope_says_and_for_the_platforms_that_its_condition_names()
    {
        using var project = await TestProject.ConsoleAsync("""
            <ItemGroup>
              <ContainerAnnotation Include="on.both" Value="a:b;c=d, %2541" />
              <ContainerAnnotation Include="on.index" Value="http://+:8080" Scope="Index" />
              <ContainerAnnotation Include="on.manifest" Value="x" Scope="manifest" />
              <ContainerAnnotation Include="on.two" Value="y" Scope="Manifest, Index" />
              <ContainerAnnotation Include="on.arm" Value="$(RuntimeIdentifier)" Scope="Manifest" Condition="'$(RuntimeIdentifier)' == 'linux-arm64'" />
            </ItemGroup>
            """);

        (await project.PublishAsync()).ShouldSucceed();

        var layout = OciLayout.Read(project.ImageFolder);
        var index = ImageIndex.Parse(await File.ReadAllBytesAsync(Path.Combine(project.ImageFolder, "blobs", "sha256", layout.IndexDigest.Hex)));
        Assert.AreEqual("on.both=a:b;c=d, %41|on.index=http://+:8080|on.two=y", Text(index.Annotations));
        Assert.AreEqual("on.both=a:b;c=d, %41|on.manifest=x|on.two=y", Text(layout["linux/amd64"].Manifest.Annotations));
        Assert.AreEqual("on.arm=linux-arm64|on.both=a:b;c=d, %41|on.manifest=x|on.two=y", Text(layout["linux/arm64"].Manifest.Annotations));
    }

    [TestMethod]
    [DataRow("""<ContainerAnnotation Include="a" Value="b" Scope="Layer" />""", "OCI", "'Layer'")]
    [DataRow("""<ContainerAnnotation Include="a" Value="b" Scope="Index" />""", "Docker", "Docker's format")]
    public async Task A_wrong_one_is_named_before_anything_compiles(string item, string format, string says)
    {
        using var project = await TestProject.ConsoleAsync($"<ItemGroup>{item}</ItemGroup>");

        var error = (await project.PublishAsync($"-p:ContainerImageFormat={format}")).ShouldFailWith("MARCH1022");

        Assert.Contains(says, error);
        Assert.IsFalse(Directory.Exists(Path.Combine(project.Folder, "obj", "multiarch")), "Nothing was restored or compiled.");
    }

    private static string Text(IReadOnlyDictionary<string, string>? annotations) =>
        string.Join('|', annotations!.Select(annotation => $"{annotation.Key}={annotation.Value}"));
}
