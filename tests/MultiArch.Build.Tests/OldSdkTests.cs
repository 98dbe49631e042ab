using MultiArch.Oci;
using MultiArch.Testing;

namespace MultiArch.Build.Tests;

/// <summary>An SDK that cannot load the tasks.</summary>
[TestClass]
public sealed class OldSdkTests
{
    private const string OldSdk = "-p:NETCoreSdkVersion=9.0.300";

    [TestMethod]
    public async Task A_publish_ends_in_one_line_and_a_build_goes_on_working()
    {
        using var project = await TestProject.ConsoleAsync();

        (await project.DotnetAsync("build", OldSdk)).ShouldSucceed();

        Assert.Contains("9.0.300", (await project.PublishAsync(OldSdk)).ShouldFailWith(DiagnosticCodes.SdkTooOld));
        Assert.Contains("9.0.300", (await project.DotnetAsync("msbuild", "-t:PublishMultiArchImage", OldSdk)).ShouldFailWith(DiagnosticCodes.SdkTooOld));
        Assert.Contains("9.0.300", (await project.DotnetAsync("msbuild", "-t:ResolveMultiArchKubernetes", OldSdk)).ShouldFailWith(DiagnosticCodes.SdkTooOld));
        Assert.IsFalse(Directory.Exists(Path.Combine(project.Folder, "obj", "multiarch")), "Nothing was restored or built for an image.");
    }
}
