using MultiArch.Testing;

namespace MultiArch.Build.Tests;

/// <summary>A registry behind TLS whose authority only the project knows.</summary>
[TestClass]
public sealed class TlsRegistryTests
{
    public required TestContext TestContext { get; init; }

    [TestMethod]
    [TestProperty("Catalogue", "75")]
    public async Task It_is_pushed_to_when_the_project_names_its_authority_and_not_before()
    {
        using var authority = new TestCertificateAuthority();
        using var certificate = authority.IssueServer();
        using var registry = await RegistryProcess.StartAsync(new RegistryProcessOptions { Certificate = certificate }, TestContext.CancellationToken);
        using var project = await TestProject.ConsoleAsync();
        await File.WriteAllTextAsync(Path.Combine(project.Folder, "ca.pem"), authority.Pem, TestContext.CancellationToken);

        var untrusted = (await project.PublishAsync($"-p:ContainerRegistry={registry.Address}")).ShouldFailWith("MARCH4008");
        Assert.Contains("Set MultiArchCertificateAuthority to the PEM file of its authority", untrusted);
        Assert.IsEmpty(registry.Tags("hello"));

        // In chunks, so that the other settings are seen to arrive, too.
        (await project.PublishAsync($"-p:ContainerRegistry={registry.Address}", "-p:MultiArchCertificateAuthority=ca.pem", "-p:MultiArchUploadChunkSize=65536")).ShouldSucceed();
        CollectionAssert.AreEqual(new[] { "latest" }, registry.Tags("hello").ToArray());

        // What OpenSSL trusts is the system's.
        var publish = new CommandLine("dotnet", "publish", "-p:PublishMultiArch=true", $"-p:ContainerRegistry={registry.Address}", "-p:ContainerRepository=again", "-nodeReuse:false", "--tl:off")
        {
            WorkingDirectory = project.Folder,
            Environment = new Dictionary<string, string?>(TestProject.CliEnvironment) { ["SSL_CERT_FILE"] = Path.Combine(project.Folder, "ca.pem") },
        };
        (await publish.RunAsync()).ShouldSucceed();
        CollectionAssert.AreEqual(new[] { "latest" }, registry.Tags("again").ToArray());
    }

    [TestMethod]
    public async Task Settings_that_are_none_are_told_all_at_once_before_anything_is_built()
    {
        using var project = await TestProject.ConsoleAsync();

        var publish = await project.PublishAsync("-p:MultiArchCertificateAuthority=missing.pem", "-p:MultiArchUploadChunkSize=5MB", "-p:MultiArchRegistryMirrors=mirror.gcr.io");

        publish.ShouldFail();
        foreach (var code in new[] { "MARCH1046", "MARCH1047", "MARCH1048" })
        {
            Assert.Contains(code, publish.Output);
        }

        Assert.IsFalse(Directory.Exists(Path.Combine(project.Folder, "bin")));
    }
}
