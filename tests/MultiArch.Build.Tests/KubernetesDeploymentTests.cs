using MultiArch.Testing;

namespace MultiArch.Build.Tests;

/// <summary>A project of one line, in a folder without any app, resolves the files that a cluster is given.</summary>
[TestClass]
public sealed class KubernetesDeploymentTests
{
    private const string Deployment = "# multiarch://hello\r\nspec:\r\n  containers:\r\n  - {name: hello, image: \"multiarch://hello\"} # pinned\r\n";

    public required TestContext TestContext { get; init; }

    [TestMethod]
    public async Task What_was_published_is_named_by_digest_and_nothing_else_changes()
    {
        using var registry = await RegistryProcess.StartAsync(TestContext.CancellationToken);
        using var app = await TestProject.ConsoleAsync();
        var digest = (await app.PublishAsync($"-p:ContainerRegistry={registry.Address}")).ShouldSucceed().PublishedDigest();
        using var deploy = await DeployAsync();
        deploy.With("images/hello/image.json", await File.ReadAllTextAsync(app.ImageFolder + ".json", TestContext.CancellationToken)).With("k8s/app/hello.yaml", Deployment).With("k8s/old.yaml", "a: 1\n");

        (await ResolveAsync(deploy)).ShouldSucceed();
        File.Delete(Path.Combine(deploy.Folder, "k8s/old.yaml"));
        var again = (await ResolveAsync(deploy)).ShouldSucceed();

        Assert.AreEqual(
            Deployment.Replace("\"multiarch://hello\"", $"\"{registry.Address}/hello@{digest}\"", StringComparison.Ordinal),
            await File.ReadAllTextAsync(Path.Combine(deploy.Folder, "bin/kubernetes/k8s/app/hello.yaml"), TestContext.CancellationToken));
        Assert.Contains("hello.yaml -> ", again.Output);
        Assert.AreEqual(1, Directory.EnumerateFiles(Path.Combine(deploy.Folder, "bin"), "*.yaml", SearchOption.AllDirectories).Count(), "A copy is no source, and does not outlive one.");
    }

    [TestMethod]
    public async Task An_unknown_name_is_an_error_with_file_and_line_and_nothing_is_written()
    {
        using var deploy = await DeployAsync();
        deploy.With("k8s/hello.yaml", Deployment);

        var resolve = await ResolveAsync(deploy);

        resolve.ShouldFailWith("MARCH5011");
        Assert.Contains("hello.yaml(4,26): error MARCH5011: 'multiarch://hello' names no image. Known are: none.", resolve.Output);
        Assert.IsFalse(Directory.Exists(Path.Combine(deploy.Folder, "bin", "kubernetes")));
    }

    [TestMethod]
    public async Task An_apps_own_project_resolves_too_and_a_warning_may_count_as_error()
    {
        using var app = await TestProject.ConsoleAsync("<ItemGroup><MultiArchKubernetesFile Include=\"*.yaml\" /><MultiArchKubernetesImage Include=\"image.json\" /></ItemGroup>");
        app.With("a.yaml", "image: multiarch://web\n").With("b.yaml", "arg: --image=multiarch://web\n");
        await File.WriteAllBytesAsync(Path.Combine(app.Folder, "image.json"), SampleReport.Web.ToUtf8Bytes(), TestContext.CancellationToken);
        string[] resolve = ["msbuild", "-restore", "-t:ResolveMultiArchKubernetes", "-p:MultiArchKubernetesOutput=out"];

        (await app.DotnetAsync([.. resolve, "-p:MSBuildWarningsAsErrors=MARCH5016"])).ShouldFailWith("MARCH5016");
        Assert.IsFalse(Directory.Exists(Path.Combine(app.Folder, "out")));
        var resolved = (await app.DotnetAsync(resolve)).ShouldSucceed();

        Assert.Contains("b.yaml(1,6): warning MARCH5016", resolved.Output);
        Assert.AreEqual($"image: ghcr.io/me/web@{SampleReport.Index}\n", await File.ReadAllTextAsync(Path.Combine(app.Folder, "out/a.yaml"), TestContext.CancellationToken));
        Assert.AreEqual("arg: --image=multiarch://web\n", await File.ReadAllTextAsync(Path.Combine(app.Folder, "out/b.yaml"), TestContext.CancellationToken));
    }

    /// <summary>The folder of the project <c>deploy.proj</c>, with a feed and nothing to build.</summary>
    private static async Task<TestProject> DeployAsync()
    {
        var project = await TestProject.ConsoleAsync(form: PackageForm.SdkAlone);
        File.Delete(Path.Combine(project.Folder, "hello.csproj"));
        File.Delete(Path.Combine(project.Folder, "Program.cs"));
        return project.With("deploy.proj", $"""
            <Project Sdk="MultiArch.Build/{PackedPackage.Version}">
              <ItemGroup>
                <MultiArchKubernetesFile Include="**/*.yaml" />
              </ItemGroup>
            </Project>

            """);
    }

    private static Task<CommandResult> ResolveAsync(TestProject deploy) =>
        deploy.DotnetAsync("msbuild", "deploy.proj", "-restore", "-t:ResolveMultiArchKubernetes", "-p:MultiArchKubernetesFrom=images/**/image.json");
}
