using System.Collections.Concurrent;
using System.Text;
using MultiArch.Oci;

namespace MultiArch.Testing;

/// <summary>The base images that tests build on: OCI layouts for linux/amd64 and linux/arm64 that tests/make-base.sh makes. Their one tag is <c>latest</c>.</summary>
public static class TestBase
{
    private static readonly ConcurrentDictionary<string, Lazy<Task<string>>> Made = new();

    public static string Script { get; } = Path.Combine(RepositoryFolder.Path, "tests", "make-base.sh");

    /// <summary>What a self-contained app needs. The folder of the layout, made by whoever asks first and kept under artifacts/ for later runs.</summary>
    public static Task<string> GetLayoutAsync() => GetAsync("");

    /// <summary>The same with .NET's shared frameworks, for a framework-dependent app.</summary>
    public static Task<string> GetFrameworkLayoutAsync() => GetAsync("--dotnet");

    /// <summary>The same with the loader of musl. No C++ library of musl's is in Debian, so a .NET app does not start on it.</summary>
    public static Task<string> GetMuslLayoutAsync() => GetAsync("--with musl");

    /// <summary>The same with the sources and keys of its packages, as bases have them that others make: packages can be added.</summary>
    public static Task<string> GetAptLayoutAsync() => GetAsync("--apt");

    private static Task<string> GetAsync(string options)
    {
        Tool.Require("mmdebstrap");
        return Made.GetOrAdd(options, _ => new(() => MakeAsync(options))).Value;
    }

    private static async Task<string> MakeAsync(string options)
    {
        // Under the script's own digest: a changed script makes a new base.
        var version = Digest.Of([.. await File.ReadAllBytesAsync(Script), .. Encoding.UTF8.GetBytes(options)]).Hex[..12];
        var folder = Path.Combine(RepositoryFolder.Artifacts, "test-base", version);
        var script = new CommandLine("bash", [Script, .. options.Split(' ', StringSplitOptions.RemoveEmptyEntries), folder]) { Environment = TestProject.CliEnvironment };
        (await script.RunAsync()).ShouldSucceed();
        return folder;
    }
}
