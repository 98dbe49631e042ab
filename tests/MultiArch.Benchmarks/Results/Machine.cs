using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using MultiArch.Testing;

namespace MultiArch.Benchmarks.Results;

/// <summary>What the figures were made on and with. No name of a machine or a user, and no path.</summary>
/// <param name="Memory">Bytes.</param>
/// <param name="Tools">Versions by name.</param>
public sealed partial record Machine(string Processor, int Cores, long Memory, string System, string FileSystem, IReadOnlyDictionary<string, string> Tools)
{
    public static async Task<Machine> DescribeAsync()
    {
        var tools = new Dictionary<string, string>
        {
            [".NET SDK"] = await VersionAsync("dotnet", "--version"),
            ["docker-registry"] = await VersionAsync("docker-registry", "--version"),
            ["buildah"] = await VersionAsync("buildah", "--version"),
            ["skopeo"] = await VersionAsync("skopeo", "--version"),
            ["tar"] = await VersionAsync("tar", "--version"),
            ["pigz"] = await VersionAsync("pigz", "--version"),
            ["curl"] = await VersionAsync("curl", "--version"),
        };
        var system = $"{Value("/etc/os-release", "PRETTY_NAME=", '"')}, Linux {Environment.OSVersion.Version.ToString(2)}, {RuntimeInformation.OSArchitecture}";
        var memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        return new Machine(Value("/proc/cpuinfo", "model name", ':'), Environment.ProcessorCount, memory, system, new DriveInfo(Path.GetTempPath()).DriveFormat, tools);
    }

    private static string Value(string file, string start, char trim) =>
        (File.ReadLines(file).FirstOrDefault(line => line.StartsWith(start, StringComparison.Ordinal)) ?? "")[start.Length..].Trim().Trim(trim).Trim();

    private static async Task<string> VersionAsync(string tool, string argument)
    {
        if (Tool.Find(tool) is null)
        {
            return "missing";
        }

        var output = (await new ToolCommand(tool, argument).RunAsync()).Output;
        return Version().Match(output) is { Success: true } match ? match.Value : output.Trim();
    }

    [GeneratedRegex(@"\d+\.\d+(\.\d+)?")]
    private static partial Regex Version();
}
