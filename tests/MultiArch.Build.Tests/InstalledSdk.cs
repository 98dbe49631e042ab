using System.Xml.Linq;
using MultiArch.Testing;

namespace MultiArch.Build.Tests;

/// <summary>The .NET SDK that runs these tests.</summary>
internal static class InstalledSdk
{
    private static readonly Lazy<Task<string>> Folder = new(FindAsync);

    /// <param name="relativePath">Of a targets file in the SDK's folder.</param>
    public static async Task<XElement> ReadAsync(string relativePath) => XDocument.Load(Path.Combine(await Folder.Value, relativePath)).Root!;

    private static async Task<string> FindAsync()
    {
        // Lines as `10.0.100 [/usr/share/dotnet/sdk]`; the version in use depends on global.json.
        var version = (await new CommandLine("dotnet", "--version") { WorkingDirectory = RepositoryFolder.Path }.RunAsync()).ShouldSucceed().StandardOutput.Trim();
        var list = (await new CommandLine("dotnet", "--list-sdks") { WorkingDirectory = RepositoryFolder.Path }.RunAsync()).ShouldSucceed().StandardOutput;
        var line = list.Split('\n').Single(entry => entry.StartsWith($"{version} [", StringComparison.Ordinal));
        return Path.Combine(line[(line.IndexOf('[', StringComparison.Ordinal) + 1)..line.LastIndexOf(']')], version);
    }
}
