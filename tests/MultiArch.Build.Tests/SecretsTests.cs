using System.IO.Compression;
using System.Text;
using System.Text.Json;
using MultiArch.Testing;

namespace MultiArch.Build.Tests;

/// <summary>
/// What a publish writes holds no secret: not its console at the loudest, not its binary log, whose compressed text no search would find, and
/// no file that it leaves.
/// </summary>
[TestClass]
public sealed class SecretsTests
{
    private const string Planted = "planted-Nq3v9Kf2wXz";

    private static readonly Login Login = new("alice", "s3cret-Tq7:xB9&zLp4");

    public required TestContext TestContext { get; init; }

    [TestMethod]
    [TestProperty("Catalogue", "76")]
    public async Task Of_a_login_in_the_file_of_docker()
    {
        using var registry = await RegistryProcess.StartAsync(new RegistryProcessOptions { Login = Login }, TestContext.CancellationToken);
        using var folder = new TempDirectory();
        folder.Write("config.json", JsonSerializer.Serialize(new Dictionary<string, object>
        {
            ["auths"] = new Dictionary<string, object> { [registry.Address] = new { auth = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{Login.Username}:{Login.Password}")) } },
        }));

        await AssertSilentAsync(registry, [], new() { ["DOCKER_CONFIG"] = folder.Path });
    }

    [TestMethod]
    [TestProperty("Catalogue", "76")]
    public async Task Of_a_helper_and_of_the_tokens_that_its_secret_is_changed_for()
    {
        using var tokens = new TokenServer(Login, TimeSpan.FromMinutes(5));
        using var registry = await RegistryProcess.StartAsync(new RegistryProcessOptions { Tokens = tokens }, TestContext.CancellationToken);
        using var folder = new TempDirectory();
        folder.Write("config.json", """{"credsStore":"of-the-test"}""");
        using var helper = new StandInProgram(
            "docker-credential-of-the-test", $"cat > /dev/null; echo '{JsonSerializer.Serialize(new { Login.Username, Secret = Login.Password })}'");
        var path = $"{Path.GetDirectoryName(helper.Path)}{Path.PathSeparator}{Environment.GetEnvironmentVariable("PATH")}";

        await AssertSilentAsync(registry, tokens.Tokens, new() { ["DOCKER_CONFIG"] = folder.Path, ["PATH"] = path });

        Assert.IsNotEmpty(tokens.Tokens);
        CollectionAssert.AreEqual(new[] { "get" }, helper.Calls.ToArray());
    }

    [TestMethod]
    public async Task Of_an_identity_token_and_of_the_tokens_that_it_is_changed_for()
    {
        using var tokens = new TokenServer(Login with { Username = "<token>" }, TimeSpan.FromMinutes(5));
        using var registry = await RegistryProcess.StartAsync(new RegistryProcessOptions { Tokens = tokens }, TestContext.CancellationToken);
        using var folder = new TempDirectory();
        folder.Write("config.json", JsonSerializer.Serialize(new Dictionary<string, object>
        {
            ["auths"] = new Dictionary<string, object> { [registry.Address] = new { identitytoken = Login.Password } },
        }));

        await AssertSilentAsync(registry, tokens.Tokens, new() { ["DOCKER_CONFIG"] = folder.Path });

        Assert.IsTrue(tokens.Requests.Any(request => request.Method == "POST"), "The identity token was posted.");
        Assert.IsNotEmpty(tokens.Tokens);
    }

    [TestMethod]
    [TestProperty("Catalogue", "76")]
    [DataRow("AssemblyTaskFactory")]
    [DataRow("TaskHostFactory")] // Where tasks run in a process of their own, they have the variables all the same.
    public async Task Of_our_variables(string taskFactory)
    {
        using var tokens = new TokenServer(Login, TimeSpan.FromMinutes(5));
        using var registry = await RegistryProcess.StartAsync(new RegistryProcessOptions { Tokens = tokens }, TestContext.CancellationToken);

        await AssertSilentAsync(
            registry,
            tokens.Tokens,
            new() { ["MULTIARCH_REGISTRY_USER"] = Login.Username, ["MULTIARCH_REGISTRY_PASSWORD"] = Login.Password },
            $"-p:_MultiArchTaskFactory={taskFactory}");

        Assert.IsNotEmpty(tokens.Tokens);
    }

    [TestMethod]
    [TestProperty("Catalogue", "76")]
    public async Task Of_the_variables_of_the_SDK_MSBuild_itself_writes_it_and_we_say_so()
    {
        using var registry = await RegistryProcess.StartAsync(new RegistryProcessOptions { Login = Login }, TestContext.CancellationToken);

        var (publish, written) = await PublishAsync(
            registry, new() { ["DOTNET_CONTAINER_REGISTRY_UNAME"] = Login.Username, ["DOTNET_CONTAINER_REGISTRY_PWORD"] = Login.Password });

        var beforeSummary = publish.Output[..publish.Output.IndexOf("Build succeeded", StringComparison.Ordinal)];
        Assert.AreEqual(1, beforeSummary.Split("warning MARCH4014").Length - 1, "Told once.");
        Assert.Contains("DOTNET_CONTAINER_REGISTRY_PWORD", publish.Output);
        Assert.IsNotEmpty(Found(written, Forms([])), "MSBuild keeps such variables to itself now: the warning can go.");
    }

    private async Task AssertSilentAsync(RegistryProcess registry, IReadOnlyCollection<string> tokens, Dictionary<string, string?> environment, params string[] arguments)
    {
        var (publish, written) = await PublishAsync(registry, environment, arguments);

        Assert.DoesNotContain("MARCH40", publish.Output);
        CollectionAssert.AreEquivalent(
            new[] { "console", "publish.binlog" }, Found(written, [Planted]).ToArray(), "What is planted is found, or the search finds nothing.");
        Assert.AreEqual("", string.Join('\n', Found(written, Forms(tokens))));
    }

    /// <returns>What was written, by its name.</returns>
    private async Task<(CommandResult Publish, Dictionary<string, byte[]> Written)> PublishAsync(
        RegistryProcess registry, Dictionary<string, string?> environment, params string[] arguments)
    {
        using var project = await TestProject.ConsoleAsync();
        foreach (var (name, value) in TestProject.CliEnvironment)
        {
            environment[name] = value;
        }

        var command = project.Dotnet(
            ["publish", "-p:PublishMultiArch=true", $"-p:ContainerRegistry={registry.Address}", $"-p:Planted={Planted}", "-v:diag", "-bl:publish.binlog", .. arguments]);
        var publish = (await new CommandLine("dotnet", command.Arguments) { WorkingDirectory = project.Folder, Environment = environment }.RunAsync()).ShouldSucceed();
        CollectionAssert.AreEqual(new[] { "latest" }, registry.Tags("hello").ToArray());
        var written = Directory.EnumerateFiles(project.Folder, "*", SearchOption.AllDirectories).ToDictionary(file => Path.GetRelativePath(project.Folder, file), Unpack);
        written["console"] = Encoding.UTF8.GetBytes(publish.Output);
        return (publish, written);
    }

    private static byte[] Unpack(string file)
    {
        if (!file.EndsWith(".binlog", StringComparison.Ordinal))
        {
            return File.ReadAllBytes(file);
        }

        using var packed = new GZipStream(File.OpenRead(file), CompressionMode.Decompress);
        using var content = new MemoryStream();
        packed.CopyTo(content);
        return content.ToArray();
    }

    private static IEnumerable<string> Found(Dictionary<string, byte[]> written, IEnumerable<string> texts)
    {
        var sought = texts.Select(Encoding.UTF8.GetBytes).ToList();
        return written.Where(file => sought.Any(text => file.Value.AsSpan().IndexOf(text) >= 0)).Select(file => file.Key);
    }

    /// <summary>The password as it may stand in a text: as it is, in an address, in JSON, and in base64 wherever in it it begins.</summary>
    private static IEnumerable<string> Forms(IEnumerable<string> tokens)
    {
        var password = Encoding.UTF8.GetBytes(Login.Password);
        var base64 = Enumerable.Range(0, 3).Select(offset => Convert.ToBase64String([.. new byte[offset], .. password])[(offset == 0 ? 0 : 4)..].TrimEnd('=')[..^1]);
        return [Login.Password, Uri.EscapeDataString(Login.Password), JsonSerializer.Serialize(Login.Password).Trim('"'), .. base64, .. tokens];
    }
}
