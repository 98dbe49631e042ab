using System.Diagnostics;
using System.Text.RegularExpressions;

namespace MultiArch.Testing;

/// <summary>A real docker-registry, with a folder and a loopback port of its own, gone when the test is.</summary>
public sealed partial class RegistryProcess : IDisposable
{
    // Another program may hold the port for a moment after a kill.
    private const int MaxStarts = 20;

    private readonly TempDirectory _directory;
    private readonly RegistryProcessOptions _options;
    private Process _process;

    private RegistryProcess(TempDirectory directory, RegistryProcessOptions options, Process process, string address)
    {
        _directory = directory;
        _options = options;
        _process = process;
        Address = address;
    }

    /// <summary>Host and port, as they stand in an image reference.</summary>
    public string Address { get; }

    /// <summary>Starts a registry that anybody may use by http, and returns when it answers.</summary>
    public static Task<RegistryProcess> StartAsync(CancellationToken cancellationToken) => StartAsync(new RegistryProcessOptions(), cancellationToken);

    /// <summary>Starts the registry and returns when it listens.</summary>
    public static async Task<RegistryProcess> StartAsync(RegistryProcessOptions options, CancellationToken cancellationToken)
    {
        Tool.Require("docker-registry");
        var directory = new TempDirectory();
        try
        {
            for (var i = 0; i < MaxStarts; i++)
            {
                var configuration = await ConfigureAsync(directory, options, $"127.0.0.1:{Port(options)}", cancellationToken);
                if (await ListenAsync(configuration, cancellationToken) is var (process, address))
                {
                    return new RegistryProcess(directory, options, process, address);
                }
            }

            throw new InvalidOperationException("docker-registry ends before it listens.");
        }
        catch
        {
            directory.Dispose();
            throw;
        }
    }

    /// <summary>The tags of a repository, in ordinal order, as they lie on disk; empty when there is no such repository.</summary>
    public IReadOnlyList<string> Tags(string repository)
    {
        var folder = _directory[$"root/docker/registry/v2/repositories/{repository}/_manifests/tags"];
        return Directory.Exists(folder) ? [.. Directory.GetDirectories(folder).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)] : [];
    }

    /// <summary>Ends it with SIGKILL, whatever it is doing.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    /// <summary>Starts it again with its port and its folder.</summary>
    public async Task RestartAsync(CancellationToken cancellationToken)
    {
        Kill();
        var configuration = await ConfigureAsync(_directory, _options, Address, cancellationToken);
        for (var i = 0; i < MaxStarts; i++)
        {
            if (await ListenAsync(configuration, cancellationToken) is { } started)
            {
                _process.Dispose();
                _process = started.Process;
                return;
            }

            await Task.Delay(TimeSpan.FromSeconds(0.1), cancellationToken);
        }

        throw new InvalidOperationException($"docker-registry does not get {Address} again.");
    }

    public void Dispose()
    {
        Kill();
        _process.Dispose();
        _directory.Dispose();
    }

    /// <summary>
    /// With port 0 the registry takes a free one and logs it, so that no other process can take it in between. One that will be started again
    /// takes a port that the system gives to nobody, so that nobody has it meanwhile.
    /// </summary>
    private static int Port(RegistryProcessOptions options) => options.Restarts ? Random.Shared.Next(20_000, 32_000) : 0;

    private static async Task<string> ConfigureAsync(TempDirectory directory, RegistryProcessOptions options, string address, CancellationToken cancellationToken)
    {
        var tls = "";
        if (options.Certificate is { } certificate)
        {
            var files = TestCertificateAuthority.Write(certificate, directory, "server");
            tls = $", tls: {{ certificate: {files.Certificate}, key: {files.Key} }}";
        }

        var authentication = "";
        if (options.Login is { } login)
        {
            Tool.Require("htpasswd");
            // bcrypt is all that a docker-registry takes; 5 rounds are the least.
            var entry = await new CommandLine("htpasswd", "-nbB", "-C", "5", login.Username, login.Password).RunAsync(cancellationToken);
            var file = directory.Write("htpasswd", entry.ShouldSucceed().StandardOutput.Trim() + "\n");
            authentication = $"auth: {{ htpasswd: {{ realm: test, path: {file} }} }}";
        }
        else if (options.Tokens is { } tokens)
        {
            var bundle = directory.Write("tokens.crt", tokens.CertificatePem);
            authentication = $"auth: {{ token: {{ realm: \"{tokens.Realm}\", service: {TokenServer.Service}, issuer: {TokenServer.Issuer}, rootcertbundle: {bundle} }} }}";
        }

        return directory.Write("config.yml", $$"""
            version: 0.1
            log: { level: info, accesslog: { disabled: true } }
            storage: { filesystem: { rootdirectory: {{directory["root"]}} }, delete: { enabled: true } }
            http: { addr: "{{address}}"{{tls}} }
            {{authentication}}
            """);
    }

    /// <returns>Null when it ended before it listened.</returns>
    private static async Task<(Process Process, string Address)?> ListenAsync(string configuration, CancellationToken cancellationToken)
    {
        var process = Process.Start(new ProcessStartInfo(Tool.Find("docker-registry")!, ["serve", configuration])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        try
        {
            process.OutputDataReceived += (_, _) => { };
            process.BeginOutputReadLine();
            while (await process.StandardError.ReadLineAsync(cancellationToken) is { } line)
            {
                if (ListeningOn().Match(line) is { Success: true } match)
                {
                    // Whatever it says from now on is read, or the pipe would fill and stop it.
                    _ = process.StandardError.BaseStream.CopyToAsync(Stream.Null, CancellationToken.None);
                    return (process, match.Groups["address"].Value);
                }
            }

            await process.WaitForExitAsync(cancellationToken);
            process.Dispose();
            return null;
        }
        catch
        {
            process.Kill();
            process.Dispose();
            throw;
        }
    }

    [GeneratedRegex("listening on (?<address>[0-9.:]+)")]
    private static partial Regex ListeningOn();
}
