using MultiArch.Testing;

namespace MultiArch.Build.Tests;

/// <summary>A publish that is not let in.</summary>
[TestClass]
public sealed class RegistryLoginTests
{
    public required TestContext TestContext { get; init; }

    [TestMethod]
    [TestProperty("Catalogue", "60")]
    public async Task With_a_damaged_file_it_is_warned_of_and_the_push_fails_with_the_way_to_log_in()
    {
        using var registry = await RegistryProcess.StartAsync(new RegistryProcessOptions { Login = new Login("alice", "another") }, TestContext.CancellationToken);
        using var folder = new TempDirectory();
        var file = folder.Write("config.json", "{\"auths\":");
        using var project = await TestProject.ConsoleAsync();
        var command = project.Dotnet("publish", "-p:PublishMultiArch=true", $"-p:ContainerRegistry={registry.Address}");
        var environment = new Dictionary<string, string?>(TestProject.CliEnvironment) { ["DOCKER_CONFIG"] = folder.Path };

        var publish = await new CommandLine("dotnet", command.Arguments) { WorkingDirectory = project.Folder, Environment = environment }.RunAsync();

        var error = publish.ShouldFailWith("MARCH4002");
        Assert.Contains($"docker login {registry.Address}", error);
        Assert.Contains("MULTIARCH_REGISTRY_PASSWORD_127_0_0_1_", error);
        Assert.Contains($"warning MARCH4013: No credentials are taken from the file {file}, and others are looked for. It is no JSON from line 1 on.", publish.Output);
        Assert.IsEmpty(registry.Tags("hello"));
    }
}
