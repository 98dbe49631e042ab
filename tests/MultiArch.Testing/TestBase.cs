using MultiArch.Oci;

namespace MultiArch.Testing;

/// <summary>The base image that tests build on: an OCI layout for linux/amd64 and linux/arm64 that tests/make-base.sh makes.</summary>
public static class TestBase
{
    private static readonly Lazy<Task<string>> Made = new(MakeAsync);

    public static string Script { get; } = Path.Combine(RepositoryFolder.Path, "tests", "make-base.sh");

    /// <summary>The folder of the layout, made by whoever asks first and kept under artifacts/ for later runs. Its one tag is <c>latest</c>.</summary>
    public static Task<string> GetLayoutAsync()
    {
        Tool.Require("mmdebstrap");
        return Made.Value;
    }

    private static async Task<string> MakeAsync()
    {
        // Under the script's own digest: a changed script makes a new base.
        var version = Digest.Of(await File.ReadAllBytesAsync(Script)).Hex[..12];
        var folder = Path.Combine(RepositoryFolder.Artifacts, "test-base", version);
        (await new CommandLine("bash", Script, folder).RunAsync()).ShouldSucceed();
        return folder;
    }
}
