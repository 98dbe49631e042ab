using MultiArch.Build.Tasks;
using MultiArch.Testing;

namespace MultiArch.Build.Tests;

/// <summary>What the task refuses before it asks any archive.</summary>
[TestClass]
public sealed class ResolveOSPackagesTests
{
    private readonly RecordingBuild _build = new();

    public required TestContext TestContext { get; init; }

    [TestMethod]
    [DataRow("pipe", "it is a named pipe")]
    [DataRow("folder", "it is a folder")]
    [Timeout(60_000)]
    public async Task A_lock_that_could_not_be_written_is_refused_before_it_is_read(string name, string obstacle)
    {
        Tool.Require("mkfifo");
        using var folder = new TempDirectory();
        Directory.CreateDirectory(folder["folder"]);
        (await new CommandLine("mkfifo", folder["pipe"]).RunAsync(TestContext.CancellationToken)).ShouldSucceed();
        using var task = new ResolveOSPackages
        {
            BuildEngine = _build,
            ProjectDirectory = folder.Path,
            LockFile = folder[name],
            CacheFolder = folder["cache"],
            PackageFolder = folder["packages"],
            DocumentFolder = folder["documents"],
        };

        Assert.IsFalse(task.Execute());

        Assert.AreEqual($"MARCH3006: Cannot write '{folder[name]}': {obstacle}. Name another place.", _build.Errors.Single());
    }
}
