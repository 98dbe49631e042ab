using MultiArch.Testing;

namespace MultiArch.Build.Tests;

/// <summary>A clone of this repository in a folder of its own, with the working copy's changes: what somebody has who cloned it after they are committed.</summary>
internal sealed class CheckoutCopy : IDisposable
{
    private readonly TempDirectory _folder = new();

    private CheckoutCopy()
    {
    }

    public string Folder => _folder["checkout"];

    public string HelloWebImage => Path.Combine(Folder, "samples", "HelloWeb", "bin", "Release", TestProject.Framework, "image");

    public static async Task<CheckoutCopy> CreateAsync()
    {
        Tool.Require("git");
        var copy = new CheckoutCopy();
        (await new CommandLine("git", "clone", "--quiet", RepositoryFolder.Path, copy.Folder).RunAsync()).ShouldSucceed();
        var files = (await new CommandLine("git", "-C", RepositoryFolder.Path, "ls-files", "-z", "--cached", "--others", "--exclude-standard").RunAsync()).ShouldSucceed();
        foreach (var file in files.StandardOutput.Split('\0', StringSplitOptions.RemoveEmptyEntries).Where(file => File.Exists(Path.Combine(RepositoryFolder.Path, file))))
        {
            var destination = Path.Combine(copy.Folder, file);
            Directory.CreateDirectory(Path.GetDirectoryName(destination)!);
            File.Copy(Path.Combine(RepositoryFolder.Path, file), destination, overwrite: true);
        }

        return copy;
    }

    /// <summary>The same, but that its samples take the packed package where a checkout has its sources: nothing is compiled but the sample.</summary>
    public static async Task<CheckoutCopy> CreateWithPackageAsync()
    {
        var package = await PackedPackage.GetFilesAsync();
        var copy = await CreateAsync();
        await File.WriteAllTextAsync(
            Path.Combine(copy.Folder, "src", "MultiArch.Build", "FromSource.props"),
            $"""<Project><Import Project="{package}/build/MultiArch.Build.props" /></Project>""");
        return copy;
    }

    /// <summary>README command 1, with more arguments; in a shell, so that a umask can be set.</summary>
    public CommandLine PublishHelloWeb(string umask = "022", IReadOnlyDictionary<string, string?>? environment = null, params IEnumerable<string> arguments) =>
        new("bash", ["-c", $"umask {umask}; exec dotnet publish samples/HelloWeb -nodeReuse:false \"$@\"", "dotnet", .. arguments])
        {
            WorkingDirectory = Folder,
            Environment = TestProject.CliEnvironment.Concat(environment ?? new Dictionary<string, string?>())
                .GroupBy(variable => variable.Key)
                .ToDictionary(group => group.Key, group => group.Last().Value),
        };

    public void Dispose() => _folder.Dispose();
}
