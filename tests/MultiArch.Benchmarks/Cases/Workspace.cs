using System.Globalization;
using MultiArch.Benchmarks.Measuring;
using MultiArch.Benchmarks.Registries;
using MultiArch.Testing;

namespace MultiArch.Benchmarks.Cases;

/// <summary>What the cases share: a folder, the registry's bases, the prepared folders, and the environment in which commands run.</summary>
public sealed class Workspace : IDisposable
{
    /// <summary>The repository of the base on which self-contained apps start.</summary>
    public const string PlainBase = "plain";

    /// <summary>The repository of the base with .NET's shared frameworks.</summary>
    public const string FrameworkBase = "framework";

    /// <summary>A tag of <see cref="FrameworkBase"/>: two more platforms, which copy the first.</summary>
    public const string FourPlatforms = "four-platforms";

    private readonly TempDirectory _folder = new();
    private readonly Lazy<Task<BenchmarkRegistry>> _seed = new(CreateSeedAsync);
    private readonly Lazy<Task<IReadOnlyDictionary<string, string>>> _prepared;
    private readonly List<IDisposable> _owned = [];
    private int _servers;

    public Workspace()
    {
        _prepared = new(PrepareFoldersAsync);
    }

    public string this[string relativePath] => _folder[relativePath];

    /// <summary>A registry that holds the bases and nothing else.</summary>
    public async Task<BenchmarkRegistry> StartRegistryAsync() => await BenchmarkRegistry.StartAsync((await _seed.Value).Root);

    /// <summary>A self-contained web app as published, by RuntimeIdentifier: each a folder that holds the folder <c>app</c>.</summary>
    public Task<IReadOnlyDictionary<string, string>> GetPreparedFoldersAsync() => _prepared.Value;

    /// <summary>The .NET CLI as in a fresh shell: no node is used again, and the compiler server that a build starts is that build's own.</summary>
    public IReadOnlyDictionary<string, string?> DotnetEnvironment() => new Dictionary<string, string?>(TestProject.CliEnvironment)
    {
        ["SharedCompilationId"] = string.Create(CultureInfo.InvariantCulture, $"multiarch-benchmarks-{Environment.ProcessId}-{Interlocked.Increment(ref _servers)}"),
        ["XDG_CACHE_HOME"] = _folder["cache"], // the SDK keeps blobs there
        ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1",
        ["DOTNET_NOLOGO"] = "1",
        // What `dotnet run` leaves to its child.
        ["MSBuildSDKsPath"] = null,
        ["MSBuildExtensionsPath"] = null,
        ["MSBUILD_EXE_PATH"] = null,
        ["MSBuildLoadMicrosoftTargetsReadOnly"] = null,
    };

    /// <summary>Runs what a run needs beforehand, through the meter too, so that no build server is left.</summary>
    public Task DotnetAsync(string folder, params IEnumerable<string> arguments) =>
        ProcessMeter.MeasureAsync(new MeasuredCommand(["dotnet", .. arguments], folder, DotnetEnvironment()));

    public void DisposeAtEnd(IDisposable owned) => _owned.Add(owned);

    public void Dispose()
    {
        _owned.ForEach(owned => owned.Dispose());
        if (_seed.IsValueCreated && _seed.Value.IsCompletedSuccessfully)
        {
            _seed.Value.Result.Dispose();
        }

        _folder.Dispose();
    }

    private static async Task<BenchmarkRegistry> CreateSeedAsync()
    {
        var registry = await BenchmarkRegistry.StartAsync();
        foreach (var (repository, layout) in new[] { (PlainBase, await TestBase.GetLayoutAsync()), (FrameworkBase, await TestBase.GetFrameworkLayoutAsync()) })
        {
            (await new ToolCommand(
                "skopeo", "--insecure-policy", "copy", "--all", "--dest-tls-verify=false", $"oci:{layout}:latest", $"docker://{registry.Address}/{repository}:latest").RunAsync()).ShouldSucceed();
        }

        await new RegistryContent(registry.Address, FrameworkBase).AddPlatformsAsync("latest", FourPlatforms, ("arm", "v7"), ("s390x", null));
        registry.Stop();
        return registry;
    }

    private async Task<IReadOnlyDictionary<string, string>> PrepareFoldersAsync()
    {
        var app = await SampleApp.CreateAsync(this, "prepared-app", withPackage: false, SampleApp.SelfContained);
        var folders = new Dictionary<string, string>();
        foreach (var runtimeIdentifier in SampleApp.TwoPlatforms)
        {
            folders[runtimeIdentifier] = _folder[$"prepared/{runtimeIdentifier}"];
            await DotnetAsync(app.Folder, "publish", "-c", "Release", "-r", runtimeIdentifier, "-o", Path.Combine(folders[runtimeIdentifier], "app"));
        }

        return folders;
    }
}
