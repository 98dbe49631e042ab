using System.Reflection;
using System.Runtime.Loader;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace MultiArch.Testing;

/// <summary>The .NET SDK that publishes the tests' projects, and its own container tasks: what ours are measured by.</summary>
public static partial class InstalledSdk
{
    private static readonly Lazy<string> LazyFolder = new(FindFolder);

    private static readonly Lazy<Assembly> LazyContainers = new(() => new ContainersContext().LoadFromAssemblyPath(Path.Combine(ContainerTasks, "Microsoft.NET.Build.Containers.dll")));

    /// <summary>Such as <c>/usr/share/dotnet/sdk/10.0.401</c>.</summary>
    public static string Folder => LazyFolder.Value;

    /// <summary>Microsoft.NET.Build.Containers, in a load context of its own but with this process's MSBuild types.</summary>
    public static Assembly Containers => LazyContainers.Value;

    /// <param name="relativePath">Of a props or targets file in the SDK's folder.</param>
    public static XElement Read(string relativePath) => XDocument.Load(Path.Combine(Folder, relativePath)).Root!;

    private static string ContainerTasks => Path.Combine(Folder, "Containers", "tasks", "net10.0");

    private static string FindFolder()
    {
        var version = Run("--version").Trim();
        var line = ListedSdk().Matches(Run("--list-sdks")).Single(match => match.Groups[1].Value == version);
        return Path.Combine(line.Groups[2].Value, version);
    }

    private static string Run(string argument) =>
        new CommandLine("dotnet", argument) { WorkingDirectory = RepositoryFolder.Path }.RunAsync().GetAwaiter().GetResult().ShouldSucceed().StandardOutput;

    [GeneratedRegex(@"^(\S+) \[(.+)\]\s*$", RegexOptions.Multiline)]
    private static partial Regex ListedSdk();

    private sealed class ContainersContext() : AssemblyLoadContext("Microsoft.NET.Build.Containers")
    {
        protected override Assembly? Load(AssemblyName assemblyName)
        {
            var isMSBuild = assemblyName.Name!.StartsWith("Microsoft.Build.", StringComparison.Ordinal);
            var file = new[] { ContainerTasks, Folder }.Select(folder => Path.Combine(folder, assemblyName.Name + ".dll")).FirstOrDefault(File.Exists);
            return isMSBuild || file is null ? null : LoadFromAssemblyPath(file);
        }
    }
}
