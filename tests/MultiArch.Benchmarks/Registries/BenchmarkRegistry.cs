using System.Diagnostics;
using System.Text.RegularExpressions;
using MultiArch.Benchmarks.Measuring;
using MultiArch.Testing;

namespace MultiArch.Benchmarks.Registries;

/// <summary>A docker-registry that begins with what another left in its folder, logs each request, and lies behind a proxy that counts bytes.</summary>
public sealed partial class BenchmarkRegistry : IDisposable
{
    private readonly Process _process;
    private readonly CountingProxy _proxy;
    private readonly TempDirectory _directory;
    private int _requests;

    private BenchmarkRegistry(TempDirectory directory, Process process, string address)
    {
        _directory = directory;
        _process = process;
        Address = address;
        _proxy = new CountingProxy(address);
        _ = ReadLogAsync();
    }

    /// <summary>Host and port, without detour.</summary>
    public string Address { get; }

    /// <summary>The same by a name that every client takes for a registry without TLS.</summary>
    public string LocalName => $"localhost:{Address.Split(':')[1]}";

    /// <summary>The way through the proxy, by such a name.</summary>
    public string CountedName => $"localhost:{_proxy.Port}";

    /// <summary>Where it keeps its content; to begin another with.</summary>
    public string Root => _directory["root"];

    /// <summary>Bytes that came through the proxy so far.</summary>
    public long Sent => _proxy.Sent;

    /// <summary>Requests so far, by whichever way.</summary>
    public int Requests => Volatile.Read(ref _requests);

    /// <param name="seed">The <see cref="Root"/> of one that has ended; null begins empty.</param>
    public static async Task<BenchmarkRegistry> StartAsync(string? seed = null)
    {
        var directory = new TempDirectory();
        if (seed is not null)
        {
            // Links cost nothing, and a registry never writes into a blob: it moves a new one into place.
            (await new ToolCommand("cp", "-al", seed, directory["root"]).RunAsync()).ShouldSucceed();
        }

        var configuration = directory.Write("config.yml", $$"""
            version: 0.1
            log: { level: info }
            storage: { filesystem: { rootdirectory: {{directory["root"]}} }, delete: { enabled: true } }
            http: { addr: "127.0.0.1:0", secret: benchmark }
            """);
        var process = Process.Start(new ProcessStartInfo(Tool.Find("docker-registry") ?? "docker-registry", ["serve", configuration])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!; // null only with UseShellExecute
        while (await process.StandardError.ReadLineAsync() is { } line)
        {
            if (ListeningOn().Match(line) is { Success: true } match)
            {
                return new BenchmarkRegistry(directory, process, match.Groups["address"].Value);
            }
        }

        throw new InvalidOperationException("docker-registry ended before it listened.");
    }

    /// <summary>Returns when what was logged has been read.</summary>
    public async Task SettleAsync()
    {
        for (var seen = -1; seen != Requests;)
        {
            seen = Requests;
            await Task.Delay(TimeSpan.FromMilliseconds(100));
        }
    }

    /// <summary>Ends it and leaves its content, for as long as this object is not disposed.</summary>
    public void Stop()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    public void Dispose()
    {
        Stop();
        _proxy.Dispose();
        _process.Dispose();
        _directory.Dispose();
    }

    /// <summary>The access log goes to its standard output, all else to the other.</summary>
    private Task ReadLogAsync() => Task.WhenAll(
        Task.Run(async () =>
        {
            while (await _process.StandardOutput.ReadLineAsync() is { } line)
            {
                Count(line);
            }
        }),
        Task.Run(async () =>
        {
            while (await _process.StandardError.ReadLineAsync() is { } line)
            {
                Count(line);
            }
        }));

    private void Count(string line)
    {
        if (AccessLogLine().IsMatch(line))
        {
            Interlocked.Increment(ref _requests);
        }
    }

    [GeneratedRegex("listening on (?<address>[0-9.:]+)")]
    private static partial Regex ListeningOn();

    [GeneratedRegex("""^\S+ - \S* ?\[[^\]]+\] "[A-Z]+ /v2/""")]
    private static partial Regex AccessLogLine();
}
