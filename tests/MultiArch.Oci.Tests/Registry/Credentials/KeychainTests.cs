using MultiArch.Oci.Registry;
using MultiArch.Oci.Registry.Credentials;

namespace MultiArch.Oci.Tests.Registry.Credentials;

[TestClass]
public sealed class KeychainTests
{
    private const string Image = "ghcr.io/acme/app";

    private const string Answers = """cat > /dev/null; printf '{"ServerURL":"x","Username":"alice","Secret":"s3cret"}'""";

    private const string KnowsNothing = "cat > /dev/null; echo 'credentials not found in native keychain'; exit 1";

    [TestMethod]
    [TestProperty("Catalogue", "59")]
    public async Task A_machine_without_any_file_has_no_credentials_and_that_is_no_fault()
    {
        using var machine = new CredentialMachine();

        Assert.IsNull(await machine.FindAsync(Image));

        Assert.IsEmpty(machine.Events);
    }

    [TestMethod]
    public async Task The_next_source_is_asked_when_one_has_no_entry()
    {
        using var machine = new CredentialMachine();
        machine.Variables["XDG_RUNTIME_DIR"] = machine.WriteElsewhere("xdg/containers/auth.json", "{}")[..^"/containers/auth.json".Length];
        var sources = new (string Name, Action Add)[]
        {
            ("the file ~/.dockercfg", () => machine.Write(".dockercfg", $"{{\"ghcr.io\":{CredentialMachine.Entry("a")}}}")),
            ("the file ~/.config/containers/auth.json", () => machine.Write(".config/containers/auth.json", Login())),
            ($"the file {machine.Variables["XDG_RUNTIME_DIR"]}/containers/auth.json", () => machine.WriteElsewhere("xdg/containers/auth.json", Login())),
            ("the file ~/.docker/config.json", () => machine.Write(".docker/config.json", Login())),
            ("the file ~/ci/config.json", () => machine.Variables["DOCKER_CONFIG"] = Path.GetDirectoryName(machine.Write("ci/config.json", Login()))!),
            ("the file ~/auth.json", () => machine.Variables["REGISTRY_AUTH_FILE"] = machine.Write("auth.json", Login())),
            ("the variable DOCKER_AUTH_CONFIG", () => machine.Variables["DOCKER_AUTH_CONFIG"] = Login()),
        };

        foreach (var (name, add) in sources)
        {
            add();
            Assert.AreEqual(name, (await machine.FindAsync(Image))?.Source);
        }

        Assert.IsNull(await machine.FindAsync("docker.io/acme/app"));
        Assert.IsEmpty(machine.Events);

        static string Login() => CredentialMachine.Login("ghcr.io", "a", "b");
    }

    [TestMethod]
    public async Task Without_a_folder_of_the_session_podman_keeps_its_logins_below_run()
    {
        using var machine = new CredentialMachine();
        machine.WriteElsewhere("run/auth.json", CredentialMachine.Login("ghcr.io", "alice", "x"));

        Assert.AreEqual("alice", (await machine.FindAsync(Image))?.Username);
    }

    [TestMethod]
    [TestProperty("Catalogue", "60")]
    [DataRow("", "It is empty.")]
    [DataRow("{", "It is no JSON from line 1 on.")]
    [DataRow("\uFEFF{}", "It begins with a byte order mark, which docker does not read either.")]
    public async Task A_file_that_cannot_be_used_is_told_once_and_the_next_one_is_read(string content, string reason)
    {
        using var machine = new CredentialMachine();
        machine.Write(".docker/config.json", content);
        machine.Write(".config/containers/auth.json", CredentialMachine.Login("ghcr.io", "alice", "x"));
        using var keychain = machine.Open();

        Assert.AreEqual("alice", (await FindAsync(keychain, Image))?.Username);
        Assert.IsNull(await FindAsync(keychain, "docker.io/acme/app"));

        CollectionAssert.AreEqual(new[] { new RegistryEvent.CredentialSourceUnusable("the file ~/.docker/config.json", reason) }, machine.Events);
    }

    [TestMethod]
    [TestProperty("Catalogue", "60")]
    public async Task A_folder_in_the_place_of_a_file_is_told()
    {
        using var machine = new CredentialMachine();
        Directory.CreateDirectory(Path.Combine(machine.Home, ".docker", "config.json"));

        Assert.IsNull(await machine.FindAsync(Image));

        CollectionAssert.AreEqual(new[] { new RegistryEvent.CredentialSourceUnusable("the file ~/.docker/config.json", "It is a folder.") }, machine.Events);
    }

    [TestMethod]
    [TestProperty("Catalogue", "60")]
    public async Task A_file_that_may_not_be_read_is_told()
    {
        using var machine = new CredentialMachine();
        var file = machine.Write(".docker/config.json", "{}");
        if (OperatingSystem.IsWindows() || Environment.IsPrivilegedProcess)
        {
            // Root reads every file; this one nobody reads as one.
            File.Delete(file);
            File.CreateSymbolicLink(file, "config.json");
        }
        else
        {
            File.SetUnixFileMode(file, UnixFileMode.None);
        }

        Assert.IsNull(await machine.FindAsync(Image));

        var told = (RegistryEvent.CredentialSourceUnusable)Assert.ContainsSingle(machine.Events);
        StringAssert.StartsWith(told.Reason, "It cannot be read:");
    }

    [TestMethod]
    [TestProperty("Catalogue", "60")]
    public async Task A_file_without_end_is_not_read_to_its_end()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Inconclusive("Windows has no such file.");
        }

        using var machine = new CredentialMachine { Variables = { ["REGISTRY_AUTH_FILE"] = "/dev/zero" } };

        Assert.IsNull(await machine.FindAsync(Image));

        var told = (RegistryEvent.CredentialSourceUnusable)Assert.ContainsSingle(machine.Events);
        StringAssert.StartsWith(told.Reason, "It is larger than");
    }

    [TestMethod]
    public async Task A_variable_with_a_relative_path_is_told()
    {
        using var machine = new CredentialMachine { Variables = { ["REGISTRY_AUTH_FILE"] = "auth.json" } };

        Assert.IsNull(await machine.FindAsync(Image));

        var told = (RegistryEvent.CredentialSourceUnusable)Assert.ContainsSingle(machine.Events);
        Assert.AreEqual("the file auth.json", told.Source);
    }

    [TestMethod]
    public async Task A_helper_for_the_registry_comes_before_a_login_in_the_file_and_that_before_a_helper_for_all()
    {
        using var machine = new CredentialMachine();
        var login = CredentialMachine.Member(("ghcr.io", CredentialMachine.Entry("file")));
        machine.Helper("one", """cat > /dev/null; printf '{"Username":"one","Secret":"x"}'""");
        machine.Helper("all", """cat > /dev/null; printf '{"Username":"all","Secret":"x"}'""");

        machine.Write(".docker/config.json", """{"credsStore":"all"}""");
        Assert.AreEqual("all", (await machine.FindAsync(Image))?.Username);
        machine.Write(".docker/config.json", $$"""{"credsStore":"all",{{login}}}""");
        Assert.AreEqual("file", (await machine.FindAsync(Image))?.Username);
        machine.Write(".docker/config.json", $$"""{"credsStore":"all","credHelpers":{"ghcr.io":"one"},{{login}}}""");
        Assert.AreEqual("one", (await machine.FindAsync(Image))?.Username);
        Assert.AreEqual("all", (await machine.FindAsync("gcr.io/acme/app"))?.Username);
    }

    [TestMethod]
    public async Task A_helper_is_asked_once_for_a_registry_and_once_more_when_its_answer_was_refused()
    {
        using var machine = new CredentialMachine();
        machine.Write(".docker/config.json", """{"credsStore":"count"}""");
        var helper = machine.Helper("count", """cat >> "$HERE/asked"; echo >> "$HERE/asked"; printf '{"Username":"alice","Secret":"%s"}' "$(wc -l < "$HERE/calls")" """);
        using var keychain = machine.Open();

        var first = await FindAsync(keychain, Image);
        Assert.AreEqual(first, await FindAsync(keychain, Image));
        Assert.AreEqual(first, await FindAsync(keychain, "ghcr.io/acme/base"));
        Assert.HasCount(1, helper.Calls);

        var second = await FindAsync(keychain, Image, first);
        Assert.AreNotEqual(first, second);
        Assert.AreEqual(second, await FindAsync(keychain, Image, first));
        Assert.AreEqual(second, await FindAsync(keychain, Image));
        Assert.HasCount(2, helper.Calls);
        CollectionAssert.AreEqual(new[] { "get", "get" }, helper.Calls.ToArray());
        CollectionAssert.AreEqual(new[] { "ghcr.io", "ghcr.io" }, File.ReadAllLines(helper["asked"]));
    }

    [TestMethod]
    public async Task A_credential_that_was_refused_and_stays_the_same_is_none()
    {
        using var machine = new CredentialMachine();
        machine.Write(".docker/config.json", CredentialMachine.Login("ghcr.io", "alice", "old"));
        using var keychain = machine.Open();
        var old = await FindAsync(keychain, Image);

        Assert.IsNull(await FindAsync(keychain, Image, old));
        Assert.AreEqual(old, await FindAsync(keychain, Image));
    }

    [TestMethod]
    public async Task Docker_Hub_is_asked_for_by_the_address_that_docker_stores()
    {
        using var machine = new CredentialMachine();
        machine.Write(".docker/config.json", """{"credsStore":"hub"}""");
        var helper = machine.Helper("hub", """cat > "$HERE/asked"; printf '{"Username":"alice","Secret":"x"}'""");

        Assert.AreEqual("the credential helper docker-credential-hub", (await machine.FindAsync("debian"))?.Source);

        Assert.AreEqual("https://index.docker.io/v1/", File.ReadAllText(helper["asked"]));
    }

    [TestMethod]
    [TestProperty("Catalogue", "61")]
    public async Task A_helper_that_knows_nothing_is_passed_over_in_silence()
    {
        using var machine = new CredentialMachine();
        machine.Write(".docker/config.json", """{"credsStore":"none"}""");
        machine.Write(".config/containers/auth.json", CredentialMachine.Login("ghcr.io", "alice", "x"));
        machine.Helper("none", KnowsNothing);

        Assert.AreEqual("alice", (await machine.FindAsync(Image))?.Username);

        Assert.IsEmpty(machine.Events);
    }

    [TestMethod]
    [TestProperty("Catalogue", "61")]
    public async Task The_user_token_of_a_helper_says_that_its_secret_is_an_identity_token()
    {
        using var machine = new CredentialMachine();
        machine.Write(".docker/config.json", """{"credsStore":"acr"}""");
        machine.Helper("acr", """cat > /dev/null; echo '{"Username":"<token>","Secret":"refresh"}'""");

        var credential = await machine.FindAsync(Image);

        Assert.AreEqual((true, "refresh"), (credential?.IsIdentityToken, credential?.Secret));
    }

    [TestMethod]
    [TestProperty("Catalogue", "61")]
    [DataRow("echo 's3cret of the answer'; printf 'first line\\nsecond line\\n' >&2; exit 3", "It ended with exit code 3: first line.")]
    [DataRow("exit 1", "It ended with exit code 1.")]
    [DataRow("echo 's3cret'", "It answered with something else than Username and Secret in JSON.")]
    [DataRow("echo '[]'", "It answered with something else than Username and Secret in JSON.")]
    [DataRow("""echo '{"Username":7,"Secret":"s3cret"}'""", "It answered with something else than Username and Secret in JSON.")]
    [DataRow("""echo '{"Secret":"s3cret"}'""", "It answered with something else than Username and Secret in JSON.")]
    [DataRow("""echo '{"Username":"","Secret":"s3cret"}'""", "It answered with a secret and no user.")]
    [DataRow("head -c 300000 /dev/zero", "It answered with more than 131072 bytes.")]
    [DataRow("head -c 300000 /dev/zero >&2; exit 1", "It ended with exit code 1.")]
    public async Task A_helper_that_fails_is_told_once_and_the_next_source_is_asked(string body, string reason)
    {
        using var machine = new CredentialMachine();
        machine.Write(".docker/config.json", """{"credsStore":"bad"}""");
        machine.Write(".config/containers/auth.json", CredentialMachine.Login("ghcr.io", "alice", "x"));
        machine.Helper("bad", body);
        using var keychain = machine.Open();

        Assert.AreEqual("alice", (await FindAsync(keychain, Image))?.Username);
        await FindAsync(keychain, "gcr.io/acme/app");

        CollectionAssert.AreEqual(new[] { new RegistryEvent.CredentialSourceUnusable("the credential helper docker-credential-bad", reason) }, machine.Events);
    }

    [TestMethod]
    [TestProperty("Catalogue", "61")]
    [DataRow("desktop", "It is not on PATH.")]
    [DataRow("../evil", "Its name is none of a program: letters, digits and . _ - are allowed.")]
    [DataRow("a b", "Its name is none of a program: letters, digits and . _ - are allowed.")]
    [DataRow("a\\n", "Its name is none of a program: letters, digits and . _ - are allowed.")]
    public async Task A_helper_that_is_not_there_or_none_is_told(string name, string reason)
    {
        using var machine = new CredentialMachine();
        machine.Write(".docker/config.json", $$"""{"credsStore":"{{name}}"}""");

        Assert.IsNull(await machine.FindAsync(Image));

        var told = (RegistryEvent.CredentialSourceUnusable)Assert.ContainsSingle(machine.Events);
        Assert.AreEqual(reason, told.Reason);
        Assert.DoesNotContain('\n', told.Source);
    }

    [TestMethod]
    [TestProperty("Catalogue", "61")]
    public async Task A_helper_in_a_relative_folder_of_PATH_is_not_started()
    {
        using var machine = new CredentialMachine();
        machine.Write(".docker/config.json", """{"credsStore":"here"}""");
        var helper = machine.Helper("here", Answers);
        machine.Variables["PATH"] = Path.GetRelativePath(Environment.CurrentDirectory, Path.GetDirectoryName(helper.Path)!);

        Assert.IsNull(await machine.FindAsync(Image));

        Assert.IsEmpty(helper.Calls);
    }

    [TestMethod, Timeout(30_000, CooperativeCancellation = true)]
    [TestProperty("Catalogue", "61")]
    public async Task A_helper_that_hangs_is_ended_with_its_children_after_half_a_minute()
    {
        using var machine = new CredentialMachine { Time = new HurriedTime() };
        machine.Write(".docker/config.json", """{"credsStore":"slow"}""");
        var helper = machine.Helper("slow", """echo $$ > "$HERE/pid"; sleep 600 & echo $! >> "$HERE/pid"; wait""");

        Assert.IsNull(await machine.FindAsync(Image));

        var told = (RegistryEvent.CredentialSourceUnusable)Assert.ContainsSingle(machine.Events);
        Assert.AreEqual("It did not answer within 30 s.", told.Reason);
        foreach (var id in File.ReadAllLines(helper["pid"]))
        {
            await GoneAsync(int.Parse(id, null));
        }
    }

    [TestMethod]
    [TestProperty("Catalogue", "76")]
    public void A_credential_does_not_show_its_secret()
    {
        Assert.DoesNotContain("s3cret", new Credential("alice", "s3cret", "the file x").ToString());
        Assert.DoesNotContain("s3cret", $"{new Credential("", "s3cret", "the file x") { IsIdentityToken = true }}");
    }

    private static Task<Credential?> FindAsync(Keychain keychain, string image, Credential? refused = null) =>
        keychain.FindAsync(ImageReference.Parse(image), RegistryAccess.Pull, refused, CancellationToken.None);

    private static async Task GoneAsync(int id)
    {
        while (IsRunning(id))
        {
            await Task.Yield();
        }
    }

    private static bool IsRunning(int id)
    {
        try
        {
            return !File.ReadAllText($"/proc/{id}/stat").Split(')')[^1].StartsWith(" Z", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>A second of the machine's is more than a minute of this.</summary>
    private sealed class HurriedTime : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            System.CreateTimer(callback, state, dueTime == Timeout.InfiniteTimeSpan ? dueTime : dueTime / 60, period);
    }
}
