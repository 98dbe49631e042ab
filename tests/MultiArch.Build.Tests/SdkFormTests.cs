using MultiArch.Testing;

namespace MultiArch.Build.Tests;

/// <summary>A PackageReference, an Sdk element and the package as the project's only SDK do the same.</summary>
[TestClass]
public sealed class SdkFormTests
{
    [TestMethod]
    public async Task A_console_app_gets_the_same_digest_in_every_form()
    {
        using var reference = await TestProject.ConsoleAsync();
        using var sdk = await TestProject.ConsoleAsync(form: PackageForm.Sdk);
        using var alone = await TestProject.ConsoleAsync(form: PackageForm.SdkAlone);

        var expected = (await reference.PublishAsync()).ShouldSucceed().PublishedDigest();

        Assert.AreEqual(expected, (await sdk.PublishAsync()).ShouldSucceed().PublishedDigest());
        Assert.AreEqual(expected, (await alone.PublishAsync()).ShouldSucceed().PublishedDigest());
    }

    [TestMethod]
    public async Task A_web_app_gets_the_same_digest_in_both_forms_that_it_can_have()
    {
        using var reference = await TestProject.WebAsync();
        using var sdk = await TestProject.WebAsync(form: PackageForm.Sdk);

        var expected = (await reference.PublishAsync()).ShouldSucceed().PublishedDigest();

        Assert.AreEqual(expected, (await sdk.PublishAsync()).ShouldSucceed().PublishedDigest());
    }

    [TestMethod]
    public async Task An_empty_project_is_a_console_app_of_the_SDKs_own_framework()
    {
        using var project = await TestProject.ConsoleAsync();
        project.With("hello.csproj", $"""<Project Sdk="MultiArch.Build/{PackedPackage.Version}" />""");

        var publish = (await project.PublishAsync("-p:ContainerBaseImage=scratch", "-p:MultiArchVerify=warn")).ShouldSucceed();

        var layout = OciLayout.Read(project.ImageFolder);
        Assert.AreEqual(layout.IndexDigest.ToString(), publish.PublishedDigest());
        Assert.AreEqual("linux/amd64 linux/arm64", string.Join(' ', layout.Images.Select(image => image.Platform)));
    }

    [TestMethod]
    public async Task Both_at_once_are_one()
    {
        using var project = await TestProject.ConsoleAsync($"""<Sdk Name="MultiArch.Build" Version="{PackedPackage.Version}" />""");

        var build = (await project.PublishAsync("-bl:publish.binlog")).ShouldSucceed();

        Assert.DoesNotContain("MSB4011", build.Output, "Nothing is imported twice.");
        Assert.AreEqual(1, BinaryLog.Read(Path.Combine(project.Folder, "publish.binlog")).CountTasks("PublishImageIndex", "hello.csproj"));
        Assert.HasCount(2, OciLayout.Read(project.ImageFolder).Images);
    }

    [TestMethod]
    [DataRow(PackageForm.Reference)]
    [DataRow(PackageForm.Sdk)]
    [DataRow(PackageForm.SdkAlone)]
    public async Task A_build_and_a_design_time_build_run_nothing_of_ours(PackageForm form)
    {
        using var project = await TestProject.ConsoleAsync("<PropertyGroup><PublishMultiArch>true</PublishMultiArch></PropertyGroup>", form: form);

        (await project.DotnetAsync("build", "-bl:build.binlog")).ShouldSucceed();
        // What an IDE does in the background.
        string[] designTime = ["-p:DesignTimeBuild=true", "-p:SkipCompilerExecution=true", "-p:ProvideCommandLineArgs=true"];
        (await project.DotnetAsync(["msbuild", "-t:ResolveReferences;Compile", .. designTime, "-bl:design.binlog"])).ShouldSucceed();

        foreach (var log in new[] { "build.binlog", "design.binlog" })
        {
            var names = BinaryLog.Read(Path.Combine(project.Folder, log)).Names();
            Assert.Contains("CoreCompile", names, log);
            Assert.AreEqual("", string.Join(' ', names.Where(ProductNames.AreOurs)), log);
        }
    }

    [TestMethod]
    public async Task A_restore_says_the_same_with_and_without_the_flag()
    {
        using var project = await TestProject.ConsoleAsync(form: PackageForm.Sdk);
        (await project.DotnetAsync("restore")).ShouldSucceed();
        var assets = await File.ReadAllTextAsync(Path.Combine(project.Folder, "obj", "project.assets.json"));

        (await project.DotnetAsync("restore", "-p:PublishMultiArch=true", "--force")).ShouldSucceed();

        Assert.AreEqual(assets, await File.ReadAllTextAsync(Path.Combine(project.Folder, "obj", "project.assets.json")));
    }
}
