using MultiArch.Oci.Registry;

namespace MultiArch.Oci.Tests.Registry.Credentials;

[TestClass]
public sealed class CredentialVariablesTests
{
    private const string Target = "ghcr.io/acme/app";

    [TestMethod]
    [DataRow("ghcr.io", "GHCR_IO")]
    [DataRow("GHCR.io", "GHCR_IO")]
    [DataRow("localhost:5000", "LOCALHOST_5000")]
    [DataRow("my-registry.example.com:443", "MY_REGISTRY_EXAMPLE_COM_443")]
    [DataRow("[::1]:5000", "___1__5000")]
    [DataRow("docker.io", "DOCKER_IO")]
    [DataRow("registry-1.docker.io", "DOCKER_IO")]
    public async Task A_registry_has_a_pair_of_its_own(string registry, string suffix)
    {
        using var machine = new CredentialMachine
        {
            Variables = { [$"MULTIARCH_REGISTRY_USER_{suffix}"] = "alice", [$"MULTIARCH_REGISTRY_PASSWORD_{suffix}"] = "s3cret" },
        };

        var credential = await machine.FindAsync($"{registry}/app");

        Assert.AreEqual(("alice", "s3cret", $"the variable MULTIARCH_REGISTRY_PASSWORD_{suffix}"), (credential?.Username, credential?.Secret, credential?.Source));
        Assert.IsEmpty(machine.Events);
    }

    [TestMethod]
    public async Task It_comes_before_the_pair_without_a_name_and_that_before_files()
    {
        using var machine = Pushing(("MULTIARCH_REGISTRY", "USER", "PASSWORD"));
        machine.Write(".docker/config.json", CredentialMachine.Login("ghcr.io", "file", "x"));
        Assert.AreEqual("MULTIARCH_REGISTRY", (await machine.FindAsync(Target))?.Username);

        machine.Variables["MULTIARCH_REGISTRY_USER_GHCR_IO"] = "own";
        machine.Variables["MULTIARCH_REGISTRY_PASSWORD_GHCR_IO"] = "x";
        Assert.AreEqual("own", (await machine.FindAsync(Target))?.Username);
    }

    [TestMethod]
    [DataRow("MULTIARCH_REGISTRY", "USER", "PASSWORD", Target, true)]
    [DataRow("MULTIARCH_REGISTRY", "USER", "PASSWORD", "ghcr.io/acme/base", true)]
    [DataRow("MULTIARCH_REGISTRY", "USER", "PASSWORD", "docker.io/acme/base", false)]
    [DataRow("DOTNET_CONTAINER_PUSH_REGISTRY", "UNAME", "PWORD", Target, true)]
    [DataRow("DOTNET_CONTAINER_PUSH_REGISTRY", "UNAME", "PWORD", "ghcr.io/acme/base", false)]
    [DataRow("DOTNET_CONTAINER_PUSH_REGISTRY", "UNAME", "PWORD", "docker.io/acme/base", false)]
    [DataRow("DOTNET_CONTAINER_PULL_REGISTRY", "UNAME", "PWORD", Target, false)]
    [DataRow("DOTNET_CONTAINER_PULL_REGISTRY", "UNAME", "PWORD", "ghcr.io/acme/base", true)]
    [DataRow("DOTNET_CONTAINER_PULL_REGISTRY", "UNAME", "PWORD", "docker.io/acme/base", true)]
    [DataRow("DOTNET_CONTAINER_REGISTRY", "UNAME", "PWORD", Target, true)]
    [DataRow("DOTNET_CONTAINER_REGISTRY", "UNAME", "PWORD", "ghcr.io/acme/base", true)]
    [DataRow("DOTNET_CONTAINER_REGISTRY", "UNAME", "PWORD", "docker.io/acme/base", false)]
    [DataRow("SDK_CONTAINER_REGISTRY", "UNAME", "PWORD", Target, true)]
    [DataRow("SDK_CONTAINER_REGISTRY", "UNAME", "PWORD", "docker.io/acme/base", false)]
    public async Task A_pair_goes_to_whom_it_is_meant_for_and_to_nobody_else(string prefix, string user, string password, string image, bool isFound)
    {
        using var machine = Pushing((prefix, user, password));

        Assert.AreEqual(isFound ? prefix : null, (await machine.FindAsync(image))?.Username);
    }

    [TestMethod]
    [DataRow("mirror.example:5000")]
    [DataRow("MIRROR.example:5000")]
    public async Task A_mirror_or_a_cache_gets_its_own_pair_and_not_the_one_of_the_bases(string mirror)
    {
        using var machine = new CredentialMachine
        {
            Bases = ["DOCKER.io"],
            Variables = { ["DOTNET_CONTAINER_PULL_REGISTRY_UNAME"] = "hub", ["DOTNET_CONTAINER_PULL_REGISTRY_PWORD"] = "x" },
        };

        Assert.IsNull(await machine.FindAsync($"{mirror}/library/app"));
        Assert.AreEqual("hub", (await machine.FindAsync("docker.io/library/app"))?.Username);

        machine.Variables["MULTIARCH_REGISTRY_USER_MIRROR_EXAMPLE_5000"] = "own";
        machine.Variables["MULTIARCH_REGISTRY_PASSWORD_MIRROR_EXAMPLE_5000"] = "x";
        Assert.AreEqual("own", (await machine.FindAsync($"{mirror}/library/app"))?.Username);
    }

    [TestMethod]
    public async Task Those_of_the_SDK_come_in_its_order()
    {
        using var machine = Pushing(
            ("SDK_CONTAINER_REGISTRY", "UNAME", "PWORD"), ("DOTNET_CONTAINER_REGISTRY", "UNAME", "PWORD"), ("DOTNET_CONTAINER_PUSH_REGISTRY", "UNAME", "PWORD"));

        Assert.AreEqual("DOTNET_CONTAINER_PUSH_REGISTRY", (await machine.FindAsync(Target))?.Username);
        Assert.AreEqual("DOTNET_CONTAINER_REGISTRY", (await machine.FindAsync("ghcr.io/acme/base"))?.Username);
    }

    [TestMethod]
    public async Task Without_a_registry_to_push_to_the_pair_without_a_name_is_for_nobody()
    {
        using var machine = new CredentialMachine { Variables = { ["MULTIARCH_REGISTRY_USER"] = "alice", ["MULTIARCH_REGISTRY_PASSWORD"] = "x" } };

        Assert.IsNull(await machine.FindAsync("docker.io/acme/base"));
    }

    [TestMethod]
    [TestProperty("Catalogue", "76")]
    [DataRow("DOTNET_CONTAINER_PUSH_REGISTRY", true)]
    [DataRow("DOTNET_CONTAINER_REGISTRY", true)]
    [DataRow("SDK_CONTAINER_REGISTRY", false)]
    public async Task A_secret_that_MSBuild_writes_into_its_logs_is_warned_of_once(string prefix, bool isLogged)
    {
        using var machine = Pushing((prefix, "UNAME", "PWORD"));
        using var keychain = machine.Open();

        await keychain.FindAsync(ImageReference.Parse(Target), RegistryAccess.Push, refused: null, CancellationToken.None);
        await keychain.FindAsync(ImageReference.Parse($"{Target}2"), RegistryAccess.Push, refused: null, CancellationToken.None);

        CollectionAssert.AreEqual(isLogged ? [new RegistryEvent.SecretIsLogged($"{prefix}_PWORD")] : Array.Empty<RegistryEvent>(), machine.Events);
    }

    [TestMethod]
    [DataRow("alice", "", "the variable MULTIARCH_REGISTRY_USER_GHCR_IO", "MULTIARCH_REGISTRY_PASSWORD_GHCR_IO is not set.")]
    [DataRow("", "s3cret", "the variable MULTIARCH_REGISTRY_PASSWORD_GHCR_IO", "MULTIARCH_REGISTRY_USER_GHCR_IO is not set.")]
    [DataRow("", "", null, null)]
    public async Task Half_a_pair_is_told_and_an_empty_one_is_none(string user, string password, string? source, string? reason)
    {
        using var machine = new CredentialMachine
        {
            Variables = { ["MULTIARCH_REGISTRY_USER_GHCR_IO"] = user, ["MULTIARCH_REGISTRY_PASSWORD_GHCR_IO"] = password },
        };

        Assert.IsNull(await machine.FindAsync(Target));

        CollectionAssert.AreEqual(
            source is null ? Array.Empty<RegistryEvent>() : [new RegistryEvent.CredentialSourceUnusable(source, reason!)], machine.Events);
    }

    [TestMethod]
    public async Task The_user_token_says_that_the_password_is_an_identity_token()
    {
        using var machine = new CredentialMachine
        {
            Variables = { ["MULTIARCH_REGISTRY_USER_GHCR_IO"] = "<token>", ["MULTIARCH_REGISTRY_PASSWORD_GHCR_IO"] = "refresh" },
        };

        Assert.IsTrue((await machine.FindAsync(Target))?.IsIdentityToken);
    }

    private static CredentialMachine Pushing(params (string Prefix, string User, string Password)[] pairs)
    {
        var machine = new CredentialMachine { Target = ImageReference.Parse(Target) };
        foreach (var (prefix, user, password) in pairs)
        {
            machine.Variables[$"{prefix}_{user}"] = prefix;
            machine.Variables[$"{prefix}_{password}"] = "x";
        }

        return machine;
    }
}
