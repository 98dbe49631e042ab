using System.Diagnostics;
using System.Text.RegularExpressions;

namespace MultiArch.Testing;

/// <summary>A real docker-registry, with a folder and a loopback port of its own, gone when the test is.</summary>
public sealed partial class RegistryProcess : IDisposable
{
    private readonly TempDirectory _directory;
    private readonly Process _process;

    private RegistryProcess(TempDirectory directory, Process process, string address)
    {
        _directory = directory;
        _process = process;
        Address = address;
    }

    /// <summary>Host and port, as they stand in an image reference.</summary>
    public string Address { get; }

    /// <summary>Starts the registry and returns when it answers.</summary>
    public static async Task<RegistryProcess> StartAsync(CancellationToken cancellationToken)
    {
        Tool.Require("docker-registry");
        var directory = new TempDirectory();
        var process = Start(directory);
        try
        {
            // With port 0 the registry takes a free one and logs it, so that no other process can take it in between.
            var address = await ReadAddressAsync(process, cancellationToken);
            using var client = new HttpClient();
            using var ping = await client.GetAsync(new Uri($"http://{address}/v2/"), cancellationToken);
            ping.EnsureSuccessStatusCode();
            return new RegistryProcess(directory, process, address);
        }
        catch
        {
            Stop(process, directory);
            throw;
        }
    }

    /// <summary>The tags of a repository, in ordinal order, as they lie on disk; empty when there is no such repository.</summary>
    public IReadOnlyList<string> Tags(string repository)
    {
        var folder = _directory[$"root/docker/registry/v2/repositories/{repository}/_manifests/tags"];
        return Directory.Exists(folder) ? [.. Directory.GetDirectories(folder).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)] : [];
    }

    public void Dispose() => Stop(_process, _directory);

    private static Process Start(TempDirectory directory)
    {
        var configuration = directory.Write("config.yml", $$"""
            version: 0.1
            log: { level: info, accesslog: { disabled: true } }
            storage: { filesystem: { rootdirectory: {{directory["root"]}} }, delete: { enabled: true } }
            http: { addr: "127.0.0.1:0" }
            """);
        return Process.Start(new ProcessStartInfo(Tool.Find("docker-registry")!, ["serve", configuration])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
    }

    private static async Task<string> ReadAddressAsync(Process process, CancellationToken cancellationToken)
    {
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        while (await process.StandardError.ReadLineAsync(cancellationToken) is { } line)
        {
            if (ListeningOn().Match(line) is { Success: true } match)
            {
                // Whatever it says from now on is read, or the pipe would fill and stop it.
                _ = process.StandardError.BaseStream.CopyToAsync(Stream.Null, CancellationToken.None);
                return match.Groups["address"].Value;
            }
        }

        throw new InvalidOperationException("docker-registry ended before it listened.");
    }

    private static void Stop(Process process, TempDirectory directory)
    {
        process.Kill();
        process.WaitForExit();
        process.Dispose();
        directory.Dispose();
    }

    [GeneratedRegex("listening on (?<address>[0-9.:]+)")]
    private static partial Regex ListeningOn();
}
