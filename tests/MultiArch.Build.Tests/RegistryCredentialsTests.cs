using MultiArch.Oci.Registry;
using MultiArch.Testing;

namespace MultiArch.Build.Tests;

/// <summary>What the library is handed of this machine, and how what it tells of it reads.</summary>
[TestClass]
public sealed class RegistryCredentialsTests
{
    [TestMethod]
    public async Task Variables_home_and_user_are_this_machine_s()
    {
        var environment = RegistryCredentials.ReadEnvironment();

        Assert.AreEqual(Environment.GetEnvironmentVariable("PATH"), environment.Variables["PATH"]);
        Assert.AreEqual(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), environment.HomeFolder);
        if (OperatingSystem.IsLinux())
        {
            var id = (await new CommandLine("id", "-ru").RunAsync()).ShouldSucceed();
            Assert.AreEqual($"/run/containers/{id.StandardOutput.Trim()}", environment.ContainersFolder);
        }
    }

    [TestMethod]
    public void What_is_told_of_credentials_is_a_warning_with_its_next_step()
    {
        var build = new RecordingBuild();
        var log = new RegistryEventLog(new SomeTask { BuildEngine = build }.Log, build);

        log.Report(new RegistryEvent.CredentialSourceUnusable("the credential helper docker-credential-desktop", "It is not on PATH."));
        log.Report(new RegistryEvent.SecretIsLogged("DOTNET_CONTAINER_REGISTRY_PWORD"));
        log.Report(new RegistryEvent.ForeignTokenService("r.io", "auth.other.io"));

        Assert.AreEqual(
            "MARCH4013: No credentials are taken from the credential helper docker-credential-desktop, and others are looked for. It is not on PATH. Correct it, or take it away.",
            build.Warnings[0]);
        Assert.StartsWith("MARCH4014: The secret in DOTNET_CONTAINER_REGISTRY_PWORD stands in every diagnostic and binary log", build.Warnings[1]);
        Assert.Contains("MULTIARCH_REGISTRY_PASSWORD", build.Warnings[1]);
        Assert.StartsWith("MARCH4015: r.io has credentials checked by auth.other.io", build.Warnings[2]);
    }

    private sealed class SomeTask : Microsoft.Build.Utilities.Task
    {
        public override bool Execute() => true;
    }
}
